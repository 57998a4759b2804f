"""One record that is better than each: precedence, fields, and where every field came from. Pure."""
