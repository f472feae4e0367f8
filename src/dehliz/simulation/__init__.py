"""Simulated operations: consignments through terminals, borders and services, told by one event log."""
