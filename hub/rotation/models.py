"""The tables of rotation."""
