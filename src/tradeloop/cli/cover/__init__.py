"""`tradeloop cover`."""
