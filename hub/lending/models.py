"""The tables of lending. A loan is between two libraries; who reads the book, only its library knows.

:mod:`hub.lending.loans` is the only writer of loans, :mod:`hub.lending.inbox` and :mod:`hub.lending.outbox` are the
only ones of messages.
"""

from django.db import models

from hub.custody.models import Copy
from hub.lending.states import STATES, Fate, Side
from hub.network.models import Library


class Loan(models.Model):
    """A library asks for a copy of a publication: from the request until the copy is at home again.

    ``number`` is the requester's own number for it, which says nothing about a reader. ``turn`` has to do the next
    thing, by ``act_by``; a loan that has not ended has always both. What is asked for is kept as it was described.
    """

    requester = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=40)
    union = models.BigIntegerField(null=True, db_index=True)
    title = models.CharField(max_length=500)
    author = models.CharField(max_length=300, blank=True)
    edition = models.CharField(max_length=300, blank=True)  # where, by whom, when published
    isbn = models.CharField(max_length=20, blank=True)
    any_edition = models.BooleanField(default=False)
    needed_by = models.DateField(null=True)
    note = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=20, default="asked", choices=[(name, name) for name in STATES])
    turn = models.CharField(max_length=12, choices=[(side.value, side.value) for side in Side], blank=True)
    act_by = models.DateField(null=True)
    supplier = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="+", null=True)
    supplier_number = models.CharField(max_length=100, blank=True)
    copy = models.ForeignKey(Copy, on_delete=models.PROTECT, related_name="+", null=True)
    due = models.DateField(null=True)
    renewals = models.PositiveSmallIntegerField(default=0)
    overdue_told = models.DateField(null=True)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=150)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["requester", "number"], name="loan_number")]
        indexes = [
            models.Index(fields=["supplier", "state"], name="loan_supplier"),
            models.Index(fields=["state", "act_by"], name="loan_act_by"),
        ]


class Candidate(models.Model):
    """A library that may supply a loan, in the order in which they are asked, with the reasons of its place.

    ``reasons`` are the facts the order was made of (:class:`hub.lending.suppliers.Reasons`).
    """

    class Answer(models.TextChoices):
        WAITS = ""  # not asked yet
        ASKED = "asked"
        REFUSED = "refused"
        SILENT = "silent"  # it did not answer in time

    loan = models.ForeignKey(Loan, on_delete=models.CASCADE, related_name="candidates")
    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=dict)
    answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.WAITS, blank=True)
    why = models.CharField(max_length=40, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["loan", "library"], name="candidate_once")]
        ordering = ("position",)


class Event(models.Model):
    """What somebody did or said about a loan. Kept for ever; each ``key`` once in a loan."""

    loan = models.ForeignKey(Loan, on_delete=models.CASCADE, related_name="events")
    key = models.CharField(max_length=200)
    act = models.CharField(max_length=20)
    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="+", null=True)  # null: the hub
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    fate = models.CharField(max_length=10, choices=[(fate.value, fate.value) for fate in Fate])
    state = models.CharField(max_length=20)  # after it
    facts = models.JSONField(default=dict)  # due, copy, why, note

    class Meta:
        constraints = [models.UniqueConstraint(fields=["loan", "key"], name="event_once")]
        ordering = ("pk",)


class Address(models.Model):
    """Where a library's own system takes ISO 18626 messages; without one the library uses the page.

    ``secret`` names the environment variable whose value goes along as a bearer token; ``""``: none.
    """

    library = models.OneToOneField(Library, on_delete=models.CASCADE, primary_key=True, related_name="+")
    url = models.CharField(max_length=500)
    secret = models.CharField(max_length=100, blank=True)


class Received(models.Model):
    """A message as it came, with the answer it got: what comes again gets the same answer."""

    sender = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=200)  # requestingAgencyRequestId
    kind = models.CharField(max_length=40)
    stamp = models.CharField(max_length=60)  # the message's own timestamp, as it is written
    body = models.BinaryField()
    answer = models.BinaryField()
    loan = models.ForeignKey(Loan, on_delete=models.CASCADE, related_name="+", null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sender", "number", "kind", "stamp"], name="received_once"),
        ]
        indexes = [models.Index(fields=["number"], name="received_number")]


class Outgoing(models.Model):
    """A message to a library's system: the same bytes until it is confirmed, in the order of the loan."""

    loan = models.ForeignKey(Loan, on_delete=models.CASCADE, related_name="+")
    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="+")
    body = models.BinaryField()
    made_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # null: confirmed
    tries = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=500, blank=True)
    answer = models.BinaryField(default=b"")

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="outgoing_due")]
