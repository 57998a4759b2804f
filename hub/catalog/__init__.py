"""The tables of a record's path, their one writer and their reader, and the search index."""
