"""What the network lacks and has too much of."""
