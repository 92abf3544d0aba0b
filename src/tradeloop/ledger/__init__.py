"""Who owes what: balanced entries with one writer, and dated exchange rates."""
