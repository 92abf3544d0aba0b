"""`tradeloop proof`."""
