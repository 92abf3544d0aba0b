"""`tradeloop season`."""
