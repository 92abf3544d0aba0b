"""Claims, their trades, papers, signals and stops, and every move; see also `outcomes`."""

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


class Move(models.Model):
    """What happened to a claim, in order."""

    claim = models.ForeignKey(Claim, models.PROTECT)
    event = models.TextField()
    from_state = models.TextField()
    to_state = models.TextField()
    at = models.DateTimeField()
    by = models.TextField()
    made_by = models.BigIntegerField()


# Django looks for tables here; these stand on those above.
import tradeloop.claims.outcomes  # noqa: E402, F401
