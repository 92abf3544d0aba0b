"""Where things are kept: a lake of evidence on disk, its index, and an embedded PostgreSQL."""
