"""A synthetic town, from which everything can be tried before anything is real."""
