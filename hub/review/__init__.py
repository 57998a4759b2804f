"""The catalogers' desk: the review queue, clusters, the history of union records."""
