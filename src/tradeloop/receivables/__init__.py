"""Who owes the seller, since when, due when, and what of it is still open."""
