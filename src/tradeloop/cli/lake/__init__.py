"""`tradeloop lake`."""
