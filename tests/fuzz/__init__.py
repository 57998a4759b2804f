"""Damaged input by the thousand: everything that goes in is stored or quarantined."""
