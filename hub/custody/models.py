"""Where each copy that travels is. :mod:`hub.custody.custody` is the only writer of these tables."""

from django.db import models

from hub.network.models import Library


class Copy(models.Model):
    """A copy that has left its home at least once, known by its library and its accession number there.

    ``title`` and ``union`` are what it was when it was first handed over, so that a list of hand-over stays readable;
    ``custodian`` is the one library that answers for it now.
    """

    class State(models.TextChoices):
        WITH = "with"  # its custodian has it
        ON_THE_WAY = "on_the_way"  # its custodian has given it away, the next has not signed for it
        LOST = "lost"  # its custodian has said so

    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="+")
    accession = models.CharField(max_length=100)
    title = models.CharField(max_length=500, blank=True)
    union = models.BigIntegerField(null=True, db_index=True)
    custodian = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WITH)
    since = models.DateTimeField()
    bound = models.CharField(max_length=20, blank=True)  # the box it is in: it is lent to nobody meanwhile

    class Meta:
        constraints = [models.UniqueConstraint(fields=["library", "accession"], name="copy_identity")]
        indexes = [models.Index(fields=["custodian", "state"], name="copy_custodian")]


class Custody(models.Model):
    """An event: what happened to a copy, and who answers for it from then on. Kept for ever; each ``key`` once."""

    class Act(models.TextChoices):
        SENT = "sent"
        RECEIVED = "received"
        LOST = "lost"
        FOUND = "found"

    copy = models.ForeignKey(Copy, on_delete=models.PROTECT, related_name="events")
    act = models.CharField(max_length=10, choices=Act.choices)
    custodian = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=20)  # "loan" | "rotation"
    reference = models.CharField(max_length=100)  # the loan's or the box's number
    key = models.CharField(max_length=120)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "copy"], name="custody_once")]
