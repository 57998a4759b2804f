"""The commands, by what they are for: run the work, look at it, serve it."""
