"""`tradeloop registry`."""
