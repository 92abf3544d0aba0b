"""Firms and their roles, lists by version, buyers as papers tell of them, what people decided."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce


class Firm(models.Model):
    """A firm by its key in names of trades; its name and roles are dated."""

    key = models.TextField(primary_key=True)
    identifier = models.TextField(null=True, unique=True)
    identifier_kind = models.TextField(null=True)
    made_by = models.BigIntegerField()  # entry of the journal


class FirmName(models.Model):
    """How a firm is called from a day on, until the next row."""

    firm = models.ForeignKey(Firm, models.PROTECT)
    name = models.TextField()
    from_date = models.DateField()
    made_by = models.BigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint("firm", "from_date", name="one_name_a_day"),)


class FirmRole(models.Model):
    """A firm has a role from a day on, or has it no longer, until the next row."""

    firm = models.ForeignKey(Firm, models.PROTECT)
    role = models.TextField()
    from_date = models.DateField()
    is_held = models.BooleanField()
    made_by = models.BigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint("firm", "role", "from_date", name="one_role_a_day"),)


class ListVersion(models.Model):
    """One file of a list. `digest` is SHA-256 of what was given, so the same file is known."""

    code = models.TextField()
    number = models.IntegerField()
    from_date = models.DateField()
    source = models.TextField()
    is_screening = models.BooleanField()
    entries = models.IntegerField()
    digest = models.BinaryField()
    imported_at = models.DateTimeField()
    made_by = models.BigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint("code", "number", name="one_version_a_number"),)


class ListEntry(models.Model):
    """What a list says of a subject, as long as versions name it; never changed but for its end.

    `to_date` is as the list says; `ended_on`, the last day that counts, is set by the version that
    no longer names it (`last` is the one before), or by an appeal. Before `from_date` it says
    that the entry never counted. A number of a person is a token under the installation's secret.
    """

    version = models.ForeignKey(ListVersion, models.PROTECT, related_name="+")
    last = models.IntegerField(null=True)
    code = models.TextField()
    subject = models.TextField()
    name = models.TextField(null=True)
    country = models.TextField(null=True)
    number_token = models.BinaryField(null=True)
    value = models.TextField()
    from_date = models.DateField()
    to_date = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    source = models.TextField()
    appeal_until = models.DateField(null=True)
    is_filed = models.BooleanField(default=False)  # under the keys of its name, the first of it
    made_by = models.BigIntegerField()

    class Meta:
        indexes = (
            models.Index("code", "subject", name="entries_of_subject"),
            models.Index("name", "country", name="entries_of_name"),
            models.Index("number_token", name="entries_of_number"),
        )
        constraints = (
            models.CheckConstraint(
                name="entry_begins_before_it_ends",
                condition=Q(to_date__isnull=True) | Q(to_date__gte=F("from_date")),
            ),
        )


class Appeal(models.Model):
    """Somebody says that an entry is wrong; decided once."""

    entry = models.ForeignKey(ListEntry, models.PROTECT)
    by = models.TextField()
    because = models.TextField()
    noted_at = models.DateTimeField()
    upheld = models.BooleanField(null=True)
    decided_by = models.TextField(null=True)
    decided_because = models.TextField(null=True)
    decided_at = models.DateTimeField(null=True)
    made_by = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                "entry", name="one_open_appeal", condition=Q(upheld__isnull=True)
            ),
        )


class Buyer(models.Model):
    """A foreign buyer. `canonical` is the eldest of those that people said are one; none if itself.

    It is recomputed from decisions; nothing else changes it.
    """

    key = models.TextField(unique=True)
    canonical = models.ForeignKey("self", models.PROTECT, null=True)
    made_by = models.BigIntegerField()

    class Meta:
        indexes = (models.Index(Coalesce("canonical", "id"), name="buyers_by_eldest"),)


class Alias(models.Model):
    """One way in which papers tell of a buyer. `token` is of all that was told, and leads here."""

    buyer = models.ForeignKey(Buyer, models.PROTECT)
    token = models.BinaryField(unique=True)
    name = models.TextField()
    country = models.TextField(null=True)
    number_kind = models.TextField(null=True)
    number_token = models.BinaryField(null=True)
    number_masked = models.TextField(null=True)
    first_on = models.DateField()
    is_screened = models.BooleanField(default=False)
    made_by = models.BigIntegerField()

    class Meta:
        indexes = (
            models.Index("number_token", name="aliases_of_number"),
            models.Index("buyer", name="not_screened", condition=Q(is_screened=False)),
        )


class BuyerKey(models.Model):
    """Under which keys (`keys.py`) the names of a buyer are filed, as numbers."""

    pk = models.CompositePrimaryKey("key", "buyer_id")
    key = models.BigIntegerField()
    buyer = models.ForeignKey(Buyer, models.PROTECT, db_index=False)


class ListKey(models.Model):
    """Under which keys the names on lists for screening are filed, each name once."""

    pk = models.CompositePrimaryKey("key", "entry_id")
    key = models.BigIntegerField()
    entry = models.ForeignKey(ListEntry, models.PROTECT, db_index=False)


class Possible(models.Model):
    """Two buyers that may be one; `first` is the elder."""

    first = models.ForeignKey(Buyer, models.PROTECT, related_name="+", db_index=False)
    second = models.ForeignKey(Buyer, models.PROTECT, related_name="+")
    score_bp = models.IntegerField()
    reasons = models.TextField()  # a line each
    made_by = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint("first", "second", name="possible_once"),
            models.CheckConstraint(name="possible_is_two", condition=Q(first__lt=F("second"))),
        )


class BuyerDecision(models.Model):
    """A person decided whether two buyers are one; the latest row on a pair counts."""

    first = models.ForeignKey(Buyer, models.PROTECT, related_name="+", db_index=False)
    second = models.ForeignKey(Buyer, models.PROTECT, related_name="+")
    same = models.BooleanField()
    by = models.TextField()
    because = models.TextField()
    decided_at = models.DateTimeField()
    made_by = models.BigIntegerField()

    class Meta:
        indexes = (models.Index("first", "second", "id", name="decisions_on_pair"),)
        constraints = (
            models.CheckConstraint(name="decision_is_on_two", condition=Q(first__lt=F("second"))),
        )


class Hit(models.Model):
    """What a buyer is called is, or may be, what an entry of a list says."""

    alias = models.ForeignKey(Alias, models.PROTECT, db_index=False)
    entry = models.ForeignKey(ListEntry, models.PROTECT)
    verdict = models.TextField()
    score_bp = models.IntegerField()
    reasons = models.TextField()  # a line each
    made_by = models.BigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint("alias", "entry", name="hit_once"),)


class HitDecision(models.Model):
    """A person said whether a buyer is who a list means; the latest row counts.

    A hit with a higher score than the one that was cleared is new.
    """

    buyer = models.ForeignKey(Buyer, models.PROTECT, db_index=False)
    code = models.TextField()
    subject = models.TextField()
    is_cleared = models.BooleanField()
    score_bp = models.IntegerField()
    by = models.TextField()
    because = models.TextField()
    decided_at = models.DateTimeField()
    made_by = models.BigIntegerField()

    class Meta:
        indexes = (models.Index("buyer", "code", "subject", "id", name="decisions_on_hit"),)


class Relation(models.Model):
    """Two parties belong together from a day to a day, both inclusive; `first` sorts first."""

    first = models.TextField()
    second = models.TextField()
    from_date = models.DateField()
    to_date = models.DateField(null=True)
    because = models.TextField()
    source = models.TextField()
    made_by = models.BigIntegerField()

    class Meta:
        indexes = (models.Index("second", name="relations_of_second"),)
        constraints = (
            models.UniqueConstraint("first", "second", "from_date", name="related_once"),
            models.CheckConstraint(name="relation_is_of_two", condition=Q(first__lt=F("second"))),
            models.CheckConstraint(
                name="relation_begins_before_it_ends",
                condition=Q(to_date__isnull=True) | Q(to_date__gte=F("from_date")),
            ),
        )


class SecretMark(models.Model):
    """What the secret behind all tokens makes of a fixed text: another secret would know nobody."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    mark = models.BinaryField()
