"""What goes out: search pages, union records, OAI-PMH, files."""
