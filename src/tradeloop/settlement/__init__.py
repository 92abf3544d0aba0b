"""Money moves: bank files are read, payments find what they pay, orders are written."""
