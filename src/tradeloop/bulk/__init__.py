"""Runs questions written in SQL over any number of rows."""
