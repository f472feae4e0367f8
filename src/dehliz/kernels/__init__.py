"""Cellar: arrays in, numbers out. Nothing here knows a table, an id or a file."""
