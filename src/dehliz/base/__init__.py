"""Ground floor: units, the data dictionary, generic checks and errors."""
