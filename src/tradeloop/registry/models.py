"""The tables of the registry: what can be used up, under which names, and who holds how much."""

from django.db import models
from django.db.models import F, Q

# Hot rows point to a capacity by its bare number, without a foreign key: the functions take it from
# a row they have locked, and a trigger for each line would cost as much as the line itself.


class Capacity(models.Model):
    """One value that can be used up only to its amount, whatever papers it is known by.

    `unit` is a currency (amounts in its minor units) or a unit of goods, as in `pieces`.
    """

    paper = models.TextField(unique=True)
    unit = models.TextField()
    frozen_because = models.TextField(null=True)
    folded_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    twins = models.IntegerField(db_default=0)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="capacity_is_not_folded_into_itself",
                condition=Q(folded_into=None) | ~Q(folded_into=F("id")),
            ),
        )


class Paper(models.Model):
    """A name of a value: `kind:authority:number`; NULL if the paper stands for several values."""

    key = models.TextField(primary_key=True)
    capacity_id = models.BigIntegerField(null=True, db_index=True)


class Name(models.Model):
    """A name that a value's own papers give it, for ever: a fold changes nothing here.

    A `Paper` says which value a name stands for now. This says which ones it was ever given to,
    so a part of a declaration, or one of many trades on a list, is found again.
    """

    pk = models.CompositePrimaryKey("key", "capacity_id")
    key = models.TextField()
    capacity_id = models.BigIntegerField()


class Book(models.Model):
    """How much of a value is free for one purpose: what is insured may be financed as well.

    Free is amount − held − committed − spent. Only an amendment, return or cancellation may leave
    less than nothing; the book is then over-used until that is mended. `own_minor` is what the
    papers of this value itself prove. A value that was folded into another keeps it, though its
    amount is the other's now; a declaration has none as long as it is the sum of its lists.
    """

    pk = models.CompositePrimaryKey("capacity_id", "purpose")
    capacity_id = models.BigIntegerField()
    purpose = models.TextField()
    amount_minor = models.BigIntegerField()
    own_minor = models.BigIntegerField(null=True)
    held_minor = models.BigIntegerField(db_default=0)
    committed_minor = models.BigIntegerField(db_default=0)
    spent_minor = models.BigIntegerField(db_default=0)
    live_holds = models.IntegerField(db_default=0)
    over_used_since = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="value_is_used_at_most_once",
                condition=Q(
                    amount_minor__gte=F("held_minor") + F("committed_minor") + F("spent_minor")
                )
                | Q(over_used_since__isnull=False),
            ),
        )


class Hold(models.Model):
    """One line that was asked for, and its answer for ever; refusals are kept too.

    The first block is what was asked, the second the answer: neither ever changes. The third is
    what became of it.
    """

    id = models.UUIDField(primary_key=True)
    paper = models.TextField()
    purpose = models.TextField()
    holder = models.TextField()
    unit = models.TextField()
    asked_minor = models.BigIntegerField()
    least_minor = models.BigIntegerField()
    expires_at = models.DateTimeField(null=True)
    rate = models.TextField(null=True)

    asked_at = models.DateTimeField()
    refusal = models.TextField(null=True)
    granted_minor = models.BigIntegerField()
    free_minor = models.BigIntegerField()
    others = models.IntegerField()
    twins = models.IntegerField()
    entry_id = models.BigIntegerField()
    line = models.IntegerField()

    state = models.TextField()
    capacity_id = models.BigIntegerField(null=True)
    held_by = models.TextField()
    committed_minor = models.BigIntegerField(db_default=0)
    spent_minor = models.BigIntegerField(db_default=0)
    freed_minor = models.BigIntegerField(db_default=0)

    class Meta:
        indexes = (
            models.Index(
                name="hold_live",
                fields=("capacity_id", "purpose", "held_by"),
                condition=Q(state__in=("held", "committed")),
            ),
            models.Index(name="hold_due", fields=("expires_at",), condition=Q(state="held")),
        )


class Move(models.Model):
    """What was done to a hold, once under each id, with the answer for ever."""

    id = models.UUIDField(primary_key=True)
    hold_id = models.UUIDField(db_index=True)
    event = models.TextField()
    asked_minor = models.BigIntegerField(null=True)
    by = models.TextField(null=True)
    to = models.TextField(null=True)

    moved_at = models.DateTimeField()
    refusal = models.TextField(null=True)
    moved_minor = models.BigIntegerField()
    state = models.TextField(null=True)
    entry_id = models.BigIntegerField()


class Change(models.Model):
    """What was done to a capacity itself, once under each id, with the answer for ever."""

    id = models.UUIDField(primary_key=True)
    event = models.TextField()
    asked = models.TextField()
    answer = models.TextField()
    entry_id = models.BigIntegerField()


class Fingerprint(models.Model):
    """A keyed token of a value's number or parties: equal tokens are equal, none can be read."""

    pk = models.CompositePrimaryKey("capacity_id", "field")
    capacity_id = models.BigIntegerField()
    field = models.TextField()
    token = models.BinaryField()
    amount_minor = models.BigIntegerField()

    class Meta:
        indexes = (
            models.Index(name="fingerprint_token", fields=("field", "token", "amount_minor")),
        )


class Twin(models.Model):
    """Two values that may be the same goods under other numbers; what agrees and what differs."""

    pk = models.CompositePrimaryKey("one_id", "other_id")
    one_id = models.BigIntegerField()
    other_id = models.BigIntegerField()
    agree = models.TextField()
    differ = models.TextField()
    seen_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(name="twin_other", fields=("other_id",)),)


class Notice(models.Model):
    """What a holder should know of a value it holds: once for each fact that says so."""

    holder = models.TextField()
    paper = models.TextField()
    purpose = models.TextField()
    code = models.TextField()
    over_minor = models.BigIntegerField()
    unit = models.TextField()
    entry_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                "holder", "paper", "purpose", "entry_id", name="notice_is_given_once"
            ),
        )
