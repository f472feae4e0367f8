"""Discrete-event simulation of one corridor by several tools, on the same draws."""
