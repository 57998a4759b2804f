"""The tables of registry."""
