"""Papers come in and are read into facts."""
