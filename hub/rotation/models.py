"""The tables of rotation: boxes, plans, and what was handed over when. Nothing about readers."""

from django.db import models

from hub.custody.models import Copy
from hub.network.models import Library


class Box(models.Model):
    """A box or a set of books that travels, by the code on its label. ``bands``: of audience (008/22), "bc"."""

    code = models.CharField(primary_key=True, max_length=20)
    name = models.CharField(max_length=200)
    home = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="+")
    bands = models.CharField(max_length=10, blank=True)
    note = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class BoxCopy(models.Model):
    """A copy is in a box, and in no other."""

    copy = models.OneToOneField(Copy, on_delete=models.PROTECT, primary_key=True, related_name="+")
    box = models.ForeignKey(Box, on_delete=models.CASCADE, related_name="copies")
    since = models.DateTimeField()


class Plan(models.Model):
    """Where which box is when. ``closed`` and ``body`` are what it was made of and what came out, as JSON."""

    class State(models.TextChoices):
        DRAFT = "draft"
        IN_FORCE = "in_force"
        ENDED = "ended"

    name = models.CharField(max_length=200)
    first = models.DateField()
    last = models.DateField()
    weeks = models.PositiveSmallIntegerField()
    closed = models.JSONField(default=list)
    body = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)


class Stop(models.Model):
    """A box is to be at a library from a day to another, with the reasons (:class:`hub.rotation.planning.Reasons`)."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="stops")
    box = models.ForeignKey(Box, on_delete=models.CASCADE, related_name="stops")
    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="+")
    period = models.PositiveSmallIntegerField()
    first = models.DateField()
    last = models.DateField()
    reasons = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "box", "period"], name="stop_once")]
        indexes = [models.Index(fields=["library", "first"], name="stop_library")]


class Handover(models.Model):
    """A box was given away or received, counted and signed for: the minutes. Kept for ever; each ``key`` once.

    ``counts`` says of each copy, by its number, whether it was ``here``, ``damaged`` or ``missing``. ``number`` runs
    without a gap through the minutes of ``year``.
    """

    class Act(models.TextChoices):
        GIVEN = "given"
        RECEIVED = "received"

    box = models.ForeignKey(Box, on_delete=models.PROTECT, related_name="handovers")
    act = models.CharField(max_length=10, choices=Act.choices)
    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="+", null=True)  # to whom, from whom
    counts = models.JSONField(default=dict)
    signed = models.CharField(max_length=100)  # who signed for the library
    carrier = models.CharField(max_length=100, blank=True)
    note = models.CharField(max_length=500, blank=True)
    key = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()  # when it was done
    kept_at = models.DateTimeField()  # when the hub learned of it
    by = models.CharField(max_length=150)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["year", "number"], name="handover_number")]
        indexes = [models.Index(fields=["box", "at"], name="handover_box")]
