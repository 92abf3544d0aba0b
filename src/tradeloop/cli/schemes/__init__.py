"""`tradeloop schemes`."""
