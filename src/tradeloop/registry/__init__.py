"""Whatever can be used up is held, exactly once."""
