"""Inputs of benchmarks: each builder makes one ``Task`` of a size."""
