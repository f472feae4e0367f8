"""What happens when something fails: hazards, impact, criticality, diversification, recovery, relief."""
