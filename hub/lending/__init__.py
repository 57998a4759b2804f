"""Interlibrary loan: requests between libraries, by ISO 18626 or on a page."""
