"""Django's settings and start."""
