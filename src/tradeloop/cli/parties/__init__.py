"""`tradeloop parties`."""
