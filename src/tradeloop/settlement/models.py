"""Bank files taken in, each payment once, what it was booked as, what waits, and payment orders."""

from django.db import models
from django.db.models import F, Q


class Account(models.Model):
    """Whose account it is: a seller's, so that money on it pays what that seller is owed."""

    number = models.TextField(primary_key=True)
    owner = models.TextField()
    made_by = models.BigIntegerField()


class BankFile(models.Model):
    """One file of a bank, by the SHA-256 of its bytes; `told` is JSON of what was noticed."""

    digest = models.TextField(primary_key=True)
    name = models.TextField()
    taken_at = models.DateTimeField()
    payments = models.IntegerField()
    repeated = models.IntegerField()
    not_booked = models.IntegerField()
    told = models.TextField()
    made_by = models.BigIntegerField()


class BankStatement(models.Model):
    """One statement or notification of a file."""

    file = models.ForeignKey(BankFile, models.PROTECT)
    place = models.IntegerField()
    kind = models.TextField()
    account = models.TextField(null=True)
    number = models.TextField(null=True)
    created_at = models.TextField(null=True)  # as written: banks leave out the zone


class BankPayment(models.Model):
    """One real payment, however many files tell of it; `told` is JSON of all that the first says.

    `booking` names the booking that it is part of. `booked_minor` is what of it was booked to
    receivables. It is open until all of it is, or a person says that it is for none.
    """

    id = models.TextField(primary_key=True)
    booking = models.TextField()
    file = models.ForeignKey(BankFile, models.PROTECT)
    account = models.TextField(null=True)
    paid_on = models.DateField(null=True)
    currency = models.TextField()
    amount_minor = models.BigIntegerField()
    booked_minor = models.BigIntegerField(default=0)
    is_credit = models.BooleanField()
    is_reversal = models.BooleanField()
    end_to_end = models.TextField(null=True)
    state = models.TextField()
    told = models.TextField()

    class Meta:
        indexes = (
            models.Index("booking", name="bank_payments_of_booking"),
            models.Index(name="bank_payments_open", fields=("account",), condition=Q(state="open")),
        )
        constraints = (
            models.CheckConstraint(
                name="bank_payment_is_booked_once",
                condition=Q(booked_minor__gte=0) & Q(booked_minor__lte=F("amount_minor")),
            ),
        )


class Match(models.Model):
    """So much of a payment was meant for a trade, and why we think so.

    `booked_as` is the payment's id in `receivables`, where it clears what its rule says.
    """

    payment = models.ForeignKey(BankPayment, models.PROTECT)
    trade = models.TextField()
    amount_minor = models.BigIntegerField()
    charge_minor = models.BigIntegerField()
    agreed = models.TextField()  # separated by blanks
    differed = models.TextField()
    booked_as = models.TextField()
    by = models.TextField(null=True)  # the person who decided, if one did
    made_by = models.BigIntegerField()


class Doubt(models.Model):
    """A payment that waits for a person; found anew whenever payments are matched."""

    payment = models.OneToOneField(BankPayment, models.PROTECT, primary_key=True)
    because = models.TextField()
    may_pay = models.TextField()  # JSON: names of trades


class Decision(models.Model):
    """What a person said of a payment."""

    payment = models.ForeignKey(BankPayment, models.PROTECT)
    by = models.TextField()
    said = models.TextField()  # JSON
    because = models.TextField()
    made_by = models.BigIntegerField()


class OrderFile(models.Model):
    """A file of orders as it was made for a bank: the same bytes whenever it is asked for again."""

    message = models.TextField(primary_key=True)
    asked = models.TextField()  # JSON of who pays, from where, on which day
    content = models.BinaryField()
    made_by = models.BigIntegerField()


class Order(models.Model):
    """A payment that our bank is to make. `id` is the caller's; its hex is the end-to-end id.

    `asked` is the SHA-256 of what was first ordered: name, account and agent may be mended.
    """

    id = models.UUIDField(primary_key=True)
    payee = models.TextField()
    name = models.TextField()
    account = models.TextField()
    agent = models.TextField(null=True)  # BIC
    is_bound = models.BooleanField(db_default=False)  # its account was agreed on elsewhere
    currency = models.TextField()
    amount_minor = models.BigIntegerField()
    what_for = models.TextField()
    state = models.TextField()
    ordered_at = models.DateTimeField()
    file = models.ForeignKey(OrderFile, models.PROTECT, null=True)
    told_by = models.ForeignKey(BankPayment, models.PROTECT, null=True)
    because = models.TextField(null=True)  # of a rejection, or a confirmation by a person
    asked = models.TextField()
    made_by = models.BigIntegerField()

    class Meta:
        indexes = (
            models.Index(name="orders_to_send", fields=("id",), condition=Q(state="ordered")),
        )
        constraints = (
            models.CheckConstraint(name="order_moves_something", condition=Q(amount_minor__gt=0)),
        )
