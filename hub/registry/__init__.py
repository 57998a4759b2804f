"""Pages of the network: who belongs, how to join, who agreed with whom."""
