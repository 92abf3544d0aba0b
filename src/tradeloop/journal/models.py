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


class Leaf(models.Model):
    """The place of a fact in the log: no gaps, and none twice."""

    leaf_index = models.BigIntegerField(primary_key=True)
    # No foreign key: checking it would lock, and so rewrite, each fact. Facts cannot be deleted.
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, db_constraint=False)


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


class Progress(models.Model):
    """How far the log has come, in one row.

    `snapshot` is what the sequencer saw last (`xmin:xmax:running`): facts of transactions that ran
    then, or began later, are still to come. `cluster` is the server whose transaction numbers these
    are: in another one they mean nothing.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    log = models.TextField()
    size = models.BigIntegerField()
    cluster = models.TextField()
    snapshot = models.TextField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="journal_progress_is_one_row", condition=models.Q(id=1, size__gte=0)
            ),
        )
