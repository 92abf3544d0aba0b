"""The tables of what happens by itself: deadlines, how far each reaction read, what recurs."""

from django.db import models
from django.db.models import Q


class Deadline(models.Model):
    """Something to be done once its time has come; done or cancelled, it stays.

    `due_at` is the first moment after the last day. `made_by` is the fact that made it. A doer that
    failed left its `error`, and is tried again at `retry_at`.
    """

    subject = models.TextField()
    kind = models.TextField()
    due_at = models.DateTimeField()
    rule = models.TextField()
    source = models.TextField()
    is_provisional = models.BooleanField()
    made_by = models.ForeignKey("journal.Entry", models.PROTECT, db_index=False)
    done_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_why = models.TextField(null=True)
    tries = models.IntegerField(db_default=0)
    error = models.TextField(null=True)
    retry_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                "subject", "kind", "made_by", name="jobs_deadline_is_made_once_by_a_fact"
            ),
            models.UniqueConstraint(
                "subject", "kind", name="jobs_deadline_is_open_once",
                condition=Q(done_at__isnull=True, cancelled_at__isnull=True),
            ),
            models.CheckConstraint(
                name="jobs_deadline_is_done_or_cancelled",
                condition=Q(done_at__isnull=True) | Q(cancelled_at__isnull=True),
            ),
            models.CheckConstraint(
                name="jobs_deadline_cancelled_says_why",
                condition=Q(cancelled_at__isnull=True, cancelled_why__isnull=True)
                | Q(cancelled_at__isnull=False, cancelled_why__isnull=False),
            ),
            models.CheckConstraint(
                name="jobs_deadline_says_what_and_why",
                condition=~Q(subject="") & ~Q(kind="") & ~Q(rule="") & ~Q(source=""),
            ),
        )  # fmt: skip
        indexes = (
            models.Index(
                "due_at", "id", name="jobs_deadline_by_time",
                condition=Q(done_at__isnull=True, cancelled_at__isnull=True),
            ),
        )  # fmt: skip


class Progress(models.Model):
    """How far one reaction has read the journal, and what it stumbles over if it does."""

    reaction = models.TextField(primary_key=True)
    next_leaf = models.BigIntegerField(db_default=0)
    tries = models.IntegerField(db_default=0)
    error = models.TextField(null=True)
    retry_at = models.DateTimeField(null=True)


class Recurrence(models.Model):
    """When something that recurs was last done; `error` if the last attempt failed."""

    name = models.TextField(primary_key=True)
    last_at = models.DateTimeField(null=True)
    tries = models.IntegerField(db_default=0)
    error = models.TextField(null=True)
