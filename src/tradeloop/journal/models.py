"""The tables of the journal: facts as they came, their order in the log, the tree over them."""

from django.db import models


class Entry(models.Model):
    """One fact; salt and body can be erased, all else stays and is bound by the log.

    `commitment` is SHA-256(salt ‖ body); `body` is RFC 8785 JSON. `xact` is the transaction that
    brought it: it tells the sequencer when it may be taken, and is no part of the log.
    """

    kind = models.TextField()
    at = models.DateTimeField()
    commitment = models.BinaryField()
    salt = models.BinaryField(null=True)
    body = models.TextField(null=True)
    xact = models.BigIntegerField(db_index=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="journal_entry_is_whole_or_erased",
                condition=models.Q(salt__isnull=True, body__isnull=True)
                | models.Q(salt__isnull=False, body__isnull=False),
            ),
        )


class Leaf(models.Model):
    """The place of a fact in the log: no gaps, and none twice."""

    leaf_index = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT)


class Tile(models.Model):
    """Up to 256 hashes side by side of one level of the tree, 32 bytes each.

    Level 0 has the leaves' hashes; a hash of level n + 1 stands for a full tile of level n.
    """

    pk = models.CompositePrimaryKey("level", "number")
    level = models.SmallIntegerField()
    number = models.BigIntegerField()
    hashes = models.BinaryField()


class Checkpoint(models.Model):
    """The log's size and root at a moment, signed (C2SP tlog-checkpoint)."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    note = models.TextField()
    at = models.DateTimeField()
