"""Which records are the same publication: keys, comparison, decision, clusters. Pure: no clock, settings or queries."""
