"""Receivables, what was applied to them, and from when a buyer's payments are recoveries."""

from django.db import models
from django.db.models import F, Q


class Receivable(models.Model):
    """What one buyer owes for one trade. Amounts are minor units of `currency`.

    `arrival` is its place in the order in which we heard of receivables and payments together.
    `credited_minor` and `paid_minor` are the sums of credits and applications, kept with them.
    """

    trade = models.TextField(unique=True)
    seller = models.TextField()
    buyer = models.TextField()
    currency = models.TextField()
    amount_minor = models.BigIntegerField()
    credited_minor = models.BigIntegerField(default=0)
    paid_minor = models.BigIntegerField(default=0)
    shipped_on = models.DateField()
    due_on = models.DateField()
    extended_to = models.DateField(null=True)
    assignee = models.TextField(null=True)
    arrival = models.BigIntegerField()
    opened_at = models.DateTimeField()
    made_by = models.BigIntegerField()  # entry of the journal

    class Meta:
        indexes = (models.Index("buyer", "seller", "shipped_on", name="receivables_of_buyer"),)
        constraints = (
            models.CheckConstraint(
                name="receivable_is_never_overpaid",
                condition=Q(amount_minor__gt=0, credited_minor__gte=0, paid_minor__gte=0)
                & Q(amount_minor__gte=F("credited_minor") + F("paid_minor")),
            ),
        )


class Extension(models.Model):
    """The seller lets the buyer pay later; the first due date stays the reference."""

    receivable = models.ForeignKey(Receivable, models.PROTECT)
    to_date = models.DateField()
    agreed_on = models.DateField()
    made_by = models.BigIntegerField()


class Credit(models.Model):
    """Less is owed, though nothing was paid. `id` is the caller's, kept for retries."""

    id = models.UUIDField(primary_key=True)
    receivable = models.ForeignKey(Receivable, models.PROTECT)
    kind = models.TextField()
    amount_minor = models.BigIntegerField()
    counts_on = models.DateField()
    because = models.TextField()
    made_by = models.BigIntegerField()


class Payment(models.Model):
    """Money from a buyer to a seller. `id` names it for ever: a bank's own reference, or a file's.

    `left_minor` is what was not applied: nothing was open then. `withdrawn_at` says that the bank
    took it back: it has no applications then, and what is left of it is for nobody.
    """

    id = models.TextField(primary_key=True)
    seller = models.TextField()
    buyer = models.TextField()
    currency = models.TextField()
    amount_minor = models.BigIntegerField()
    left_minor = models.BigIntegerField()
    paid_on = models.DateField()
    names = models.TextField(null=True)  # the trade that the buyer says it is for
    arrival = models.BigIntegerField()
    withdrawn_at = models.DateTimeField(null=True)
    made_by = models.BigIntegerField()

    class Meta:
        indexes = (
            models.Index("buyer", "seller", "paid_on", name="payments_of_buyer"),
            models.Index(
                name="payments_waiting",
                fields=("seller", "buyer"),
                condition=Q(left_minor__gt=0, withdrawn_at__isnull=True),
            ),
        )
        constraints = (
            models.CheckConstraint(
                name="payment_is_applied_once",
                condition=Q(amount_minor__gt=0, left_minor__gte=0)
                & Q(left_minor__lte=F("amount_minor")),
            ),
        )


class Application(models.Model):
    """So much of a payment clears so much of a receivable, from a day on."""

    payment = models.ForeignKey(Payment, models.PROTECT)
    receivable = models.ForeignKey(Receivable, models.PROTECT)
    amount_minor = models.BigIntegerField()
    counts_on = models.DateField()
    rule = models.TextField()

    class Meta:
        constraints = (
            models.UniqueConstraint("payment", "receivable", name="applied_once"),
            models.CheckConstraint(
                name="application_moves_something", condition=Q(amount_minor__gt=0)
            ),
        )


class Assignment(models.Model):
    """Somebody else is to be paid in the seller's place, from a day until it is released."""

    receivable = models.ForeignKey(Receivable, models.PROTECT)
    assignee = models.TextField()
    from_date = models.DateField()
    released_on = models.DateField(null=True)
    made_by = models.BigIntegerField()


class Loss(models.Model):
    """From this day on what a buyer pays a seller is a recovery, and is shared pro rata."""

    seller = models.TextField()
    buyer = models.TextField()
    loss_on = models.DateField()
    because = models.TextField()
    made_by = models.BigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint("seller", "buyer", name="one_loss_each"),)
