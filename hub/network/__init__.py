"""Libraries: who belongs to the network."""
