"""What is pursued after a claim, what came back of it, what it cost, and what was handed on."""

from django.db import models
from django.db.models import F, Q

from tradeloop.claims.models import Claim


class Pursuit(models.Model):
    """The debt of one claim as it stood when it was paid, in minor units of `currency`."""

    claim = models.OneToOneField(Claim, models.PROTECT, primary_key=True)
    state = models.TextField()
    terms_on = models.DateField()
    currency = models.TextField()
    debt_minor = models.BigIntegerField()
    covered_minor = models.BigIntegerField()
    paid_minor = models.BigIntegerField()
    insured_share_bp = models.IntegerField()
    opened_on = models.DateField()
    because = models.TextField(null=True)  # of the write-off
    made_by = models.BigIntegerField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="paid_within_covered_within_debt",
                condition=Q(paid_minor__gt=0, paid_minor__lte=F("covered_minor"))
                & Q(covered_minor__lte=F("debt_minor")),
            ),
        )


class Receipt(models.Model):
    """Money that came back, and how it is shared; `place` is its turn, `said` RFC 8785 text.

    `payment` is that of `receivables` where the buyer paid the merchant. `version` counts how often
    it was shared anew, because an earlier one was taken back.
    """

    id = models.TextField(primary_key=True)
    pursuit = models.ForeignKey(Pursuit, models.PROTECT)
    place = models.IntegerField()
    payment = models.TextField(null=True)
    amount_minor = models.BigIntegerField()
    received_on = models.DateField()
    received_by = models.TextField()  # insurer, insured
    costs_repaid_minor = models.BigIntegerField()
    to_insurer_minor = models.BigIntegerField()
    to_insured_minor = models.BigIntegerField()
    payover_by = models.DateField()
    said = models.TextField()
    version = models.IntegerField(default=1)
    withdrawn_on = models.DateField(null=True)
    made_by = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint("pursuit", "place", name="a_turn_for_each_receipt"),
            models.UniqueConstraint(
                "pursuit",
                "payment",
                name="a_payment_comes_back_once",
                condition=Q(withdrawn_on__isnull=True),
            ),
            models.CheckConstraint(
                name="parts_are_the_receipt",
                condition=Q(
                    amount_minor=F("costs_repaid_minor")
                    + F("to_insurer_minor")
                    + F("to_insured_minor")
                )
                & Q(costs_repaid_minor__gte=0, to_insurer_minor__gte=0, to_insured_minor__gte=0),
            ),
        )


class Cost(models.Model):
    """What pursuing cost, and who bears it; what proceeds repay of it is `repaid_minor`."""

    id = models.TextField(primary_key=True)
    pursuit = models.ForeignKey(Pursuit, models.PROTECT)
    amount_minor = models.BigIntegerField()
    spent_on = models.DateField()
    spent_by = models.TextField()  # insurer, insured
    because = models.TextField()
    insurer_bears_minor = models.BigIntegerField()
    insured_bears_minor = models.BigIntegerField()
    made_by = models.BigIntegerField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="costs_are_borne_at_most_once",
                condition=Q(amount_minor__gte=F("insurer_bears_minor") + F("insured_bears_minor"))
                & Q(amount_minor__gt=0, insurer_bears_minor__gte=0, insured_bears_minor__gte=0),
            ),
        )


class Handover(models.Model):
    """Who received money for the other hands it on."""

    id = models.TextField(primary_key=True)
    pursuit = models.ForeignKey(Pursuit, models.PROTECT)
    from_side = models.TextField()
    amount_minor = models.BigIntegerField()
    handed_on = models.DateField()
    made_by = models.BigIntegerField()

    class Meta:
        constraints = (
            models.CheckConstraint(name="handover_is_something", condition=Q(amount_minor__gt=0)),
        )
