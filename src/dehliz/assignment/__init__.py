"""User equilibrium, stochastic equilibrium, system optimum: trips on the arcs of a compiled network."""
