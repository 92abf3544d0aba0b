"""Insurers stand behind a trade: what is eligible, what it costs, how far a buyer is covered."""
