"""Benchmarks: specs, builders of their inputs, rivals on the same inputs, stored results."""
