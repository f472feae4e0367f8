"""Figures and pages drawn from stored results."""
