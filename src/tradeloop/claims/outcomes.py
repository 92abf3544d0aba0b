"""What came of claims: calculations, approvals, refusals, agreements, payouts; what is used up."""

from django.db import models
from django.db.models import F, Q

from tradeloop.claims.models import Claim, Content, Evidence


class Decision(models.Model):
    """One calculation: `given` and `said` are RFC 8785 text, so that it can be replayed."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    given = models.TextField()
    said = models.TextField()
    terms = models.TextField()  # digests of the cover and the claims terms
    currency = models.TextField()
    pay_minor = models.BigIntegerField()
    takes_minor = models.BigIntegerField()  # of the buyer's limit
    is_fast = models.BooleanField()
    made_by = models.BigIntegerField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="nobody_is_paid_less_than_nothing",
                condition=Q(pay_minor__gte=0, takes_minor__gte=0),
            ),
        )


class Approval(models.Model):
    """One person stands for a figure; `filed_by` is repeated so that the database can look."""

    decision = models.ForeignKey(Decision, models.PROTECT)
    person = models.TextField()
    filed_by = models.TextField()
    at = models.DateTimeField()
    made_by = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint("decision", "person", name="a_person_approves_once"),
            models.CheckConstraint(
                name="nobody_approves_its_own_claim", condition=~Q(person=F("filed_by"))
            ),
        )


class Refusal(models.Model):
    """Why nothing is paid, by which clause, and what would change that."""

    claim = models.ForeignKey(Claim, models.PROTECT)
    code = models.TextField()
    clause = models.TextField()
    because = models.TextField()
    remedy = models.TextField()
    refused_by = models.TextField()
    refused_on = models.DateField()
    made_by = models.BigIntegerField()


class Agreement(models.Model):
    """The compensation agreement: what is signed is the exact file, by its digest."""

    number = models.TextField(primary_key=True)
    claim = models.ForeignKey(Claim, models.PROTECT)
    decision = models.ForeignKey(Decision, models.PROTECT)
    content = models.ForeignKey(Content, models.PROTECT)
    state = models.TextField()  # offered, signed, void
    offered_at = models.DateTimeField()
    signed_by = models.TextField(null=True)
    signed_at = models.DateTimeField(null=True)
    factor_step = models.BigIntegerField(null=True)  # of the second factor that was shown
    copy = models.ForeignKey(Evidence, models.PROTECT, null=True)  # signed with ink
    checked_by = models.TextField(null=True)
    made_by = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                "claim", name="one_agreement_stands", condition=~Q(state="void")
            ),
            models.CheckConstraint(
                name="signed_by_factor_or_in_ink",
                condition=~Q(state="signed")
                | Q(signed_by__isnull=False, factor_step__isnull=False)
                | Q(signed_by__isnull=False, copy__isnull=False, checked_by__isnull=False),
            ),
        )


class Bound(models.Model):
    """One row for a buyer under a scheme: whoever fixes a figure locks it first."""

    pk = models.CompositePrimaryKey("scheme", "buyer")
    scheme = models.TextField()
    buyer = models.TextField()


class Used(models.Model):
    """What a claim takes of the buyer's limit, from its approval on.

    Earlier ones, by `id`, have their part first, whatever comes later.
    """

    claim = models.OneToOneField(Claim, models.PROTECT)
    scheme = models.TextField()
    buyer = models.TextField()
    policyholder = models.TextField()
    loss_on = models.DateField()
    currency = models.TextField()
    amount_minor = models.BigIntegerField()
    first_loss_minor = models.BigIntegerField()  # of the policyholder's first loss
    is_white_listed = models.BooleanField()  # of the white list's own limit
    liability_hold = models.UUIDField(null=True)  # the registry's, on the policy's maximum
    pool_hold = models.UUIDField(null=True)  # the same on the scheme's pool of a year

    class Meta:
        indexes = (models.Index("scheme", "buyer", name="used_of_buyer"),)
        constraints = (
            models.CheckConstraint(
                name="used_is_not_below_zero",
                condition=Q(amount_minor__gte=0, first_loss_minor__gte=0),
            ),
        )


class Account(models.Model):
    """Where a payee has its money, as an agreement names it or (none) as a person stated it."""

    claim = models.ForeignKey(Claim, models.PROTECT)
    agreement = models.ForeignKey(Agreement, models.PROTECT, null=True)
    payee = models.TextField()
    name = models.TextField()
    number = models.TextField()
    agent = models.TextField(null=True)
    stated_by = models.TextField()
    stated_at = models.DateTimeField()
    made_by = models.BigIntegerField()


class Payout(models.Model):
    """What is paid to the insured, or to an assignee in its place."""

    id = models.TextField(primary_key=True)
    claim = models.ForeignKey(Claim, models.PROTECT)
    agreement = models.ForeignKey(Agreement, models.PROTECT)
    order = models.UUIDField(unique=True)  # of the payment order to the bank, the latest
    tries = models.IntegerField(default=1)
    payee = models.TextField()
    name = models.TextField()
    account = models.TextField()
    agent = models.TextField(null=True)
    currency = models.TextField()
    amount_minor = models.BigIntegerField()
    ordered_at = models.DateTimeField()
    paid_on = models.DateField(null=True)
    paid_by = models.TextField(null=True)  # who said so: the bank, or a handler
    made_by = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint("claim", "payee", name="a_payee_once_for_a_claim"),
            models.CheckConstraint(name="payout_is_something", condition=Q(amount_minor__gt=0)),
        )


class Person(models.Model):
    """Who can sign: the sealed secret of the second factor, and the last code that was used."""

    name = models.TextField(primary_key=True)
    party = models.TextField()  # for whom they sign
    sealed = models.BinaryField()
    last_step = models.BigIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    enrolled_by = models.TextField(null=True)  # not known of those of before
    made_by = models.BigIntegerField()


class Forgotten(models.Model):
    """A second factor that was taken away: whose, by whom and why."""

    person = models.TextField()
    party = models.TextField()  # for whom they signed
    by = models.TextField()
    because = models.TextField()
    at = models.DateTimeField()
    made_by = models.BigIntegerField()

    class Meta:
        indexes = (models.Index("by", "party", name="forgotten_by"),)


class WrongCode(models.Model):
    """A code that was not the person's; enough of them lock the person for a while."""

    person = models.TextField(db_index=True)
    at = models.DateTimeField()
    made_by = models.BigIntegerField()


class Told(models.Model):
    """Somebody was told that a last day of a claim, or of a debt without one, has passed: once."""

    code = models.TextField()
    claim = models.ForeignKey(Claim, models.PROTECT, null=True)
    trade = models.TextField(null=True)
    order = models.UUIDField(null=True)  # that the bank rejected
    whom = models.TextField()  # handlers, or the policyholder
    last_day = models.DateField()
    rule = models.TextField()
    source = models.TextField()
    says = models.TextField()
    told_at = models.DateTimeField()
    made_by = models.BigIntegerField()

    class Meta:
        indexes = (models.Index("trade", name="told_of_trade"),)
        constraints = (
            models.UniqueConstraint(
                "code", "claim", "trade", "order", "last_day", name="a_day_is_told_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="told_of_something",
                condition=Q(claim__isnull=False) | Q(trade__isnull=False),
            ),
        )  # fmt: skip
