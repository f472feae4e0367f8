"""The same network, compiled: vertices and arcs, costs, emissions."""
