"""Model beside measurement."""
