"""The IT staff's pages: sources, runs, what was rejected."""
