"""Time to gap of the equilibrium engine on test networks."""
