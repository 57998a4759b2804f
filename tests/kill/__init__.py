"""Workers killed at every step, and what is left."""
