"""The tables of the ledger: accounts, entries, postings, their sums by day, and exchange rates."""

from django.db import models
from django.db.models import F, Q


class Currency(models.Model):
    """A currency that amounts may be stated in: those of ISO 4217 with a minor unit."""

    code = models.CharField(primary_key=True, max_length=3)
    minor_digits = models.SmallIntegerField()


class Account(models.Model):
    """A name that something was posted to: `owner:what` or `owner:what:detail`."""

    name = models.TextField(unique=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="ledger_account_names_owner_and_what",
                condition=Q(name__regex=r"^[^[:space:]:]+:[a-z][a-z0-9_-]*(:[^[:space:]]+)?$"),
            ),
        )


class Entry(models.Model):
    """Postings that stand or fall together; never changed, undone by another entry at most once.

    `digest` is SHA-256 over the RFC 8785 bytes of the whole entry. `booked_on` is the day it
    counts for; `posted_at` is when it came.
    """

    key = models.TextField(unique=True)
    booked_on = models.DateField()
    why = models.TextField()
    posted_at = models.DateTimeField()
    digest = models.BinaryField()
    lines = models.SmallIntegerField()
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="ledger_entry_has_key_why_and_lines",
                condition=Q(lines__gte=1) & ~Q(key="") & ~Q(why=""),
            ),
        )


class Posting(models.Model):
    """One amount to the debit of one account and the credit of another, in one currency."""

    pk = models.CompositePrimaryKey("entry_id", "line")
    entry = models.ForeignKey(Entry, models.PROTECT, db_index=False)
    line = models.SmallIntegerField()
    debit = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    credit = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    currency = models.ForeignKey(Currency, models.PROTECT, db_index=False)
    minor = models.BigIntegerField()
    booked_on = models.DateField()  # the entry's own: an account is read by it

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="ledger_posting_moves_something", condition=Q(minor__gte=1)
            ),
            models.CheckConstraint(
                name="ledger_posting_has_two_accounts", condition=~Q(debit=F("credit"))
            ),
        )
        indexes = (
            models.Index("debit", "booked_on", "entry", name="ledger_posting_of_debit"),
            models.Index("credit", "booked_on", "entry", name="ledger_posting_of_credit"),
        )


class Day(models.Model):
    """What was posted to one account for one day: kept by a trigger, so that sums are quick."""

    pk = models.CompositePrimaryKey("account_id", "currency_id", "booked_on")
    account = models.ForeignKey(Account, models.PROTECT, db_index=False)
    currency = models.ForeignKey(Currency, models.PROTECT, db_index=False)
    booked_on = models.DateField()
    debit_minor = models.DecimalField(max_digits=38, decimal_places=0)
    credit_minor = models.DecimalField(max_digits=38, decimal_places=0)


class Rate(models.Model):
    """`per` units of `base` cost `rate` units of `quote` on a day, as `source` says.

    A correction is a row that names the one it takes the place of; both stay.
    """

    base = models.ForeignKey(Currency, models.PROTECT, related_name="+", db_index=False)
    quote = models.ForeignKey(Currency, models.PROTECT, related_name="+", db_index=False)
    quoted_on = models.DateField()
    source = models.TextField()
    rate = models.DecimalField(max_digits=30, decimal_places=12)
    per = models.IntegerField()
    recorded_at = models.DateTimeField()
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="corrected_by")
    why = models.TextField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="ledger_rate_is_above_zero", condition=Q(rate__gt=0, per__gte=1)
            ),
            models.CheckConstraint(
                name="ledger_rate_has_two_currencies", condition=~Q(base=F("quote"))
            ),
            models.CheckConstraint(
                name="ledger_rate_correction_says_why",
                condition=Q(corrects__isnull=True, why__isnull=True)
                | (Q(corrects__isnull=False, why__isnull=False) & ~Q(why="")),
            ),
            models.UniqueConstraint(
                "base", "quote", "source", "quoted_on",
                name="ledger_rate_is_told_once",
                condition=Q(corrects__isnull=True),
            ),
        )  # fmt: skip
