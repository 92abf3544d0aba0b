"""The `tradeloop` command."""
