"""`tradeloop payments`."""
