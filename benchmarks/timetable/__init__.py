"""Searches by the clock on a made-up year of trains, short-sea ships and barges."""
