"""A library's own pages: the letter on its endpoint, from the doctor."""
