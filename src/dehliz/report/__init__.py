"""Figures and pages drawn from stored results: one renderer of SVG, one style table, one page of HTML."""
