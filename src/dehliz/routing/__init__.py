"""Ways through: least-cost and Pareto routes, corridors, comparisons."""
