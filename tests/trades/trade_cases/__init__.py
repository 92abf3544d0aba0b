"""Tables of small trades, each with what judging must say of it."""
