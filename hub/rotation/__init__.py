"""Boxes of books that travel between libraries: plan, round, hand-over, return."""
