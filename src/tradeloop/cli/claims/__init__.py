"""`tradeloop claims`."""
