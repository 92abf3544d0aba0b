"""`tradeloop receivables`."""
