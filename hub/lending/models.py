"""The tables of lending."""
