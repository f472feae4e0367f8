"""One run, from a study file to a folder of results."""
