"""Tradeloop: proves that a cross-border trade is real, and lets its value be used only once."""
