"""What was lost is pursued, and what comes back is shared."""
