"""The bundled network of Eurasia and the facts it stands on."""
