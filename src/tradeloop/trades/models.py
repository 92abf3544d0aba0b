"""The trades that somebody relies on: what was proven of each, and for which purpose."""

from django.db import models


class Trade(models.Model):
    """A trade by its name, `firm/number`; a person's identity number in it is masked."""

    name = models.TextField(primary_key=True)
    mode = models.TextField()
    dated_at = models.DateTimeField(null=True)
    registered_at = models.DateTimeField()


class Reading(models.Model):
    """Up to which batch a lake was judged whose trades were registered last, for a purpose."""

    pk = models.CompositePrimaryKey("lake", "purpose")
    lake = models.TextField()
    purpose = models.TextField()
    batch = models.BigIntegerField()


class Verdict(models.Model):
    """The latest verdict on a trade for one purpose; the journal keeps the earlier ones.

    `verified_minor` is what is proven; nothing unless `grade` is proven.
    """

    pk = models.CompositePrimaryKey("trade_id", "purpose")
    trade = models.ForeignKey(Trade, on_delete=models.PROTECT)
    purpose = models.TextField()
    grade = models.TextField()
    currency = models.TextField(null=True)
    verified_minor = models.BigIntegerField()
    judged_on = models.DateField()
    registered_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="only_what_is_proven_is_worth_something",
                condition=models.Q(verified_minor__gte=0)
                & (models.Q(grade="proven") | models.Q(verified_minor=0)),
            ),
        )
