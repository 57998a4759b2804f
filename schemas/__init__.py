"""WHAT IT SAYS: the nouns and one module a format; bytes in, MARC 21 in Unicode out. Only here is pymarc known."""
