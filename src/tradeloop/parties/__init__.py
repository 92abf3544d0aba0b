"""Who is who: are two buyers one, and is a name on a list."""
