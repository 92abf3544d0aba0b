"""How an embedded PostgreSQL keeps what it was given: each setting with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

REASONS: Mapping[str, tuple[str, str]] = MappingProxyType({
    # What was acknowledged lasts.
    "fsync": ("on", "an acknowledged commit is on the disk, not only in its memory"),
    "synchronous_commit": ("on", "a commit is acknowledged after it is on the disk"),
    "full_page_writes": ("on", "a page torn by a loss of power is mended from the log"),
    "restart_after_crash": ("on", "one session that dies takes no other command down for good"),
    # Two cores and a small machine.
    "max_connections": ("100", "64 threads of a portal, its jobs, and commands beside them"),
    "shared_buffers": ("256MB", "holds the hot rows of a registry, and a small machine has it"),
    "max_wal_size": ("2GB", "a checkpoint each five minutes, not each flood of entries"),
    "checkpoint_timeout": ("5min", "bounds how long the log is read after a crash"),
    "autovacuum": ("on", "counters are updated all day; the rows they leave must go"),
    "autovacuum_naptime": ("15s", "hot counters leave thousands of dead rows in a minute"),
    # The same answers on every machine.
    "timezone": ("UTC", "a time without a zone does not depend on the machine"),
    "log_timezone": ("UTC", "the log can be laid beside the journal"),
    # A refused request is its caller's to hear, and its text may name people.
    "log_min_messages": ("log", "refusals of rows do not fill the disk, nor tell who was in them"),
    "log_min_error_statement": ("panic", "for the same reason"),
})  # fmt: skip

SETTINGS: Mapping[str, str] = MappingProxyType({name: one for name, (one, _) in REASONS.items()})

# Half the room at the price of little work, where the programs were built with it.
WITH_LZ4: Mapping[str, str] = MappingProxyType(
    {"wal_compression": "lz4", "default_toast_compression": "lz4"}
)
