"""What happens by itself: reactions to the journal, and deadlines."""
