"""A network of Vietnamese libraries for evaluation: the same seed gives the same books, records and truth.

``python -m benchmarks.network --records 22000 --libraries 12 --seed 1 --out DIR`` writes a file for each library in the
format it would send, and ``truth.csv`` (library, identifier, cluster, work, kind). The works are invented
(``words.yaml``); each library describes its copies in its own manner and with its own mistakes (``profiles.yaml``).

What is one cluster: one publication with its unchanged printings and bindings. Another volume, language, translator,
adaptation, publisher, revision, textbook series, grade, part or kind, carrier or author is another cluster of the same
work. A record that fits several publications of the catalog is a cluster of its own, of kind ``ambiguous``.
"""
