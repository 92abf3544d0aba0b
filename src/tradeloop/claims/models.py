"""Claims, their papers, decisions, agreements and payouts; what they took of a buyer's limit."""

from django.db import models
from django.db.models import F, Q


class Claim(models.Model):
    """One loss, told by a policyholder. `id` is the caller's, kept for retries.

    `terms_on` is the day whose terms count: that of the earliest covered shipment. Amounts are
    minor units of `currency`, that of the debt. `decision` is the one that counts now.
    """

    id = models.TextField(primary_key=True)
    scheme = models.TextField()
    policyholder = models.TextField()
    buyer = models.TextField()
    currency = models.TextField()
    state = models.TextField()
    because = models.TextField()
    terms_on = models.DateField()
    known_on = models.DateField()
    noticed_on = models.DateField()
    notice_complete_on = models.DateField(null=True)
    insolvent_on = models.DateField(null=True)
    loss_on = models.DateField(null=True)
    claimed_on = models.DateField(null=True)
    claimed_minor = models.BigIntegerField(null=True)
    papers_complete_on = models.DateField(null=True)
    agreed_on = models.DateField(null=True)
    noticed_by = models.TextField()
    filed_by = models.TextField(null=True)
    content = models.TextField()  # RFC 8785, of the notice; a retry must say the same
    filed = models.TextField(null=True)  # the same of the claim
    decision = models.ForeignKey("Decision", models.PROTECT, null=True, related_name="+")
    made_by = models.BigIntegerField()

    class Meta:
        indexes = (
            models.Index("scheme", "buyer", name="claims_on_buyer"),
            models.Index("state", "id", name="claims_by_state"),
        )
        constraints = (
            models.CheckConstraint(
                name="claim_says_what_was_claimed",
                condition=Q(claimed_minor__isnull=True, filed_by__isnull=True, loss_on__isnull=True)
                | Q(claimed_minor__gt=0, filed_by__isnull=False, loss_on__isnull=False),
            ),
        )


class Line(models.Model):
    """One trade of a claim; a trade is in one claim only, unless that one was withdrawn."""

    claim = models.ForeignKey(Claim, models.PROTECT)
    trade = models.TextField()
    certificate = models.TextField(null=True)
    due_on = models.DateField()
    extended_to = models.DateField(null=True)
    claimed_minor = models.BigIntegerField(null=True)
    is_live = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.UniqueConstraint("claim", "trade", name="a_trade_once_in_a_claim"),
            models.UniqueConstraint(
                "trade", name="a_trade_in_one_live_claim", condition=Q(is_live=True)
            ),
        )


class Content(models.Model):
    """The bytes of a paper, once, however often it is brought."""

    digest = models.TextField(primary_key=True)  # SHA-256, hexadecimal
    body = models.BinaryField()


class Evidence(models.Model):
    """A paper of a claim. `reading`: read, or kept (and not read), with `because`."""

    id = models.UUIDField(primary_key=True)
    claim = models.ForeignKey(Claim, models.PROTECT)
    kind = models.TextField()
    trade = models.TextField(null=True)
    content = models.ForeignKey(Content, models.PROTECT)
    name = models.TextField()
    size = models.BigIntegerField()
    dated = models.DateField(null=True)
    reading = models.TextField()
    because = models.TextField()
    says = models.TextField()  # RFC 8785: the key fields, as whoever brought it states them
    brought_by = models.TextField()
    brought_on = models.DateField()
    made_by = models.BigIntegerField()

    class Meta:
        indexes = (models.Index("claim", "kind", name="evidence_of_claim"),)


class Item(models.Model):
    """One line of a claim's checklist, as the last look found it."""

    claim = models.ForeignKey(Claim, models.PROTECT)
    kind = models.TextField()
    trade = models.TextField()  # empty: for the whole claim
    is_required = models.BooleanField()
    status = models.TextField()
    seen = models.TextField()
    expected = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint("claim", "kind", "trade", name="one_item_each"),)


class Supplement(models.Model):
    """The one request for all that is missing."""

    claim = models.ForeignKey(Claim, models.PROTECT)
    asked_on = models.DateField()
    answer_by = models.DateField()
    lists = models.TextField()
    answered_on = models.DateField(null=True)
    made_by = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                "claim", name="one_request_open", condition=Q(answered_on__isnull=True)
            ),
        )


class Signal(models.Model):
    """A sign of fraud; cleared by somebody else than who raised it, and not raised again."""

    claim = models.ForeignKey(Claim, models.PROTECT)
    code = models.TextField()
    because = models.TextField()
    raised_by = models.TextField()
    raised_on = models.DateField()
    cleared_by = models.TextField(null=True)
    cleared_on = models.DateField(null=True)
    cleared_why = models.TextField(null=True)
    made_by = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint("claim", "code", "because", name="a_signal_is_raised_once"),
            models.CheckConstraint(
                name="a_signal_is_cleared_by_another",
                condition=Q(cleared_by__isnull=True) | ~Q(cleared_by=F("raised_by")),
            ),
        )


class Stop(models.Model):
    """The clock stands still from a day to a day, both inclusive."""

    claim = models.ForeignKey(Claim, models.PROTECT)
    kind = models.TextField()  # dispute, signals
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    because = models.TextField()
    made_by = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint("claim", name="one_stop_open", condition=Q(to_on__isnull=True)),
        )


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
    liability_hold = models.UUIDField(null=True)  # the registry's, on the policy's maximum

    class Meta:
        indexes = (models.Index("scheme", "buyer", name="used_of_buyer"),)
        constraints = (
            models.CheckConstraint(
                name="used_is_not_below_zero",
                condition=Q(amount_minor__gte=0, first_loss_minor__gte=0),
            ),
        )


class Payout(models.Model):
    """What is paid to the insured, or to an assignee in its place."""

    id = models.TextField(primary_key=True)
    claim = models.ForeignKey(Claim, models.PROTECT)
    agreement = models.ForeignKey(Agreement, models.PROTECT)
    payee = models.TextField()
    name = models.TextField()
    account = models.TextField()
    agent = models.TextField(null=True)
    currency = models.TextField()
    amount_minor = models.BigIntegerField()
    ordered_at = models.DateTimeField()
    paid_on = models.DateField(null=True)
    made_by = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint("claim", "payee", name="a_payee_once_for_a_claim"),
            models.CheckConstraint(name="payout_is_something", condition=Q(amount_minor__gt=0)),
        )


class Move(models.Model):
    """What happened to a claim, in order."""

    claim = models.ForeignKey(Claim, models.PROTECT)
    event = models.TextField()
    from_state = models.TextField()
    to_state = models.TextField()
    at = models.DateTimeField()
    by = models.TextField()
    made_by = models.BigIntegerField()


class Person(models.Model):
    """Who can sign: the sealed secret of the second factor, and the last code that was used."""

    name = models.TextField(primary_key=True)
    sealed = models.BinaryField()
    last_step = models.BigIntegerField(default=0)
    made_by = models.BigIntegerField()
