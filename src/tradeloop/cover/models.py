"""Policies, limits of buyers, certificates and what is covered of them, decisions as they were."""

from django.db import models
from django.db.models import F, Q

from tradeloop.receivables.models import Receivable


class Policy(models.Model):
    """One policyholder under one scheme, for a period of insurance; both days are inclusive."""

    id = models.TextField(primary_key=True)
    scheme = models.TextField()
    policyholder = models.TextField()
    insured_from = models.DateField()
    insured_to = models.DateField()
    period_to = models.DateField(null=True)  # the last day before a person ended it; None: nobody
    state = models.TextField()
    currency = models.TextField()
    estimated_minor = models.BigIntegerField(null=True)  # turnover expected at the beginning
    made_by = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                "scheme", "policyholder", "insured_from", name="one_policy_a_period"
            ),
        )


class FirstDay(models.Model):
    """From which day a scheme's periods are counted: set by its first policies, and never moved."""

    scheme = models.TextField(primary_key=True)
    day = models.DateField()


class Limit(models.Model):
    """The insurer's decision on a buyer, for one policyholder or (none named) for all."""

    id = models.TextField(primary_key=True)
    scheme = models.TextField()
    buyer = models.TextField()
    policyholder = models.TextField(null=True)
    currency = models.TextField()
    amount_minor = models.BigIntegerField()
    told_on = models.DateField()
    from_date = models.DateField(null=True)
    at_once = models.BooleanField()
    because = models.TextField()
    made_by = models.BigIntegerField()

    class Meta:
        indexes = (models.Index("scheme", "buyer", name="limits_of_buyer"),)


class Decision(models.Model):
    """One answer to one offer: `given` and `said` are RFC 8785 text, so that it can be replayed."""

    trade = models.TextField()
    scheme = models.TextField()
    at = models.DateTimeField()
    declared_on = models.DateField()  # the day of the first offer
    outcome = models.TextField()  # certified, refused, waiting
    codes = models.TextField()  # of all reasons, separated by blanks
    given = models.TextField()
    said = models.TextField()
    terms = models.TextField()  # digest
    made_by = models.BigIntegerField()

    class Meta:
        indexes = (models.Index("trade", "scheme", "id", name="decisions_on_trade"),)


class Certificate(models.Model):
    """One shipment under cover. Amounts are minor units of `currency`, that of the limit.

    `covered_minor` is the sum of its grants. `hold` is the registry's, on the value of the trade.
    """

    number = models.TextField(primary_key=True)
    receivable = models.OneToOneField(Receivable, models.PROTECT)
    policy = models.ForeignKey(Policy, models.PROTECT)
    scheme = models.TextField()
    policyholder = models.TextField()
    buyer = models.TextField()
    currency = models.TextField()
    amount_minor = models.BigIntegerField()
    rate = models.TextField(null=True)  # id of the rate, where the debt is in another currency
    limit_minor = models.BigIntegerField()
    insured_share_bp = models.IntegerField()
    is_white_listed = models.BooleanField(db_default=False)  # the limit is that of the white list
    covered_minor = models.BigIntegerField()
    state = models.TextField()
    shipped_on = models.DateField()
    certified_at = models.DateTimeField()
    terms = models.TextField()  # digest
    hold = models.UUIDField()
    decision = models.ForeignKey(Decision, models.PROTECT)

    class Meta:
        indexes = (models.Index("scheme", "buyer", "shipped_on", name="certificates_of_buyer"),)
        constraints = (
            models.CheckConstraint(
                name="never_more_covered_than_shipped",
                condition=Q(amount_minor__gt=0, covered_minor__gte=0)
                & Q(covered_minor__lte=F("amount_minor")),
            ),
        )


class Grant(models.Model):
    """A part of a shipment comes under cover on a day; below zero only where a scheme says so."""

    certificate = models.ForeignKey(Certificate, models.PROTECT)
    counts_on = models.DateField()
    amount_minor = models.BigIntegerField()
    because = models.TextField()
    made_by = models.BigIntegerField()


class Bill(models.Model):
    """What was billed for a policy on a day, and what of it the authority bears; it may be back."""

    policy = models.ForeignKey(Policy, models.PROTECT)
    billed_on = models.DateField()
    currency = models.TextField()
    merchant_minor = models.BigIntegerField()
    subsidy_minor = models.BigIntegerField()
    because = models.TextField()  # each line of the premium of the period, RFC 8785 text
    terms = models.TextField()  # digest
    made_by = models.BigIntegerField()


class Trouble(models.Model):
    """What one claim tells of a buyer: a loss that is known, what is in dispute, an insolvency."""

    claim = models.TextField(primary_key=True)
    policyholder = models.TextField()
    buyer = models.TextField()
    known_on = models.DateField()
    disputed_on = models.DateField(null=True)
    insolvent_on = models.DateField(null=True)  # the court's day
    currency = models.TextField()
    disputed_minor = models.BigIntegerField(default=0)
    made_by = models.BigIntegerField()

    class Meta:
        indexes = (models.Index("buyer", "policyholder", name="troubles_of_buyer"),)


class Lifted(models.Model):
    """A loss that was taken back with the claim that it began with: it stops no cover."""

    policyholder = models.TextField()
    buyer = models.TextField()

    class Meta:
        constraints = (
            models.UniqueConstraint("policyholder", "buyer", name="a_loss_is_lifted_once"),
        )
