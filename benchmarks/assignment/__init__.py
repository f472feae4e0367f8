"""Time to gap of traffic assignment beside other libraries, and its growth with the size of the network."""
