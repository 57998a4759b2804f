"""What a library's own pages keep: examinations of its endpoint, files it has put here, books entered one by one."""

from uuid import uuid4

from django.db import models

from hub.network.models import Library


class Checkup(models.Model):
    """One examination of an endpoint. Its number cannot be guessed: who has the address of the letter may read it.

    ``diagnosis`` is a :class:`connectors.doctor.finding.Diagnosis` as JSON, ``worst`` its worst severity.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    url = models.CharField(max_length=500, db_index=True)
    at = models.DateTimeField(db_index=True)
    worst = models.CharField(max_length=10)
    diagnosis = models.JSONField()

    def __str__(self) -> str:
        return f"{self.url} {self.at:%Y-%m-%d %H:%M}"


class Upload(models.Model):
    """A file that a library has put here, from its arrival to its import and, perhaps, its undoing.

    The file lies under ``stored`` in the folder of uploads; ``name`` is what it was called, for people only. ``before``
    is what must be put back of its source when it is undone; ``counts`` the dry run's, then the ledger's.
    """

    class State(models.TextChoices):
        WAITING = "waiting"  # nothing of it is in the catalog yet
        IMPORTING = "importing"
        IMPORTED = "imported"
        FAILED = "failed"
        UNDONE = "undone"
        DROPPED = "dropped"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    stored = models.CharField(max_length=60)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    format = models.CharField(max_length=40)
    encoding = models.CharField(max_length=40, default="auto")
    sheet = models.CharField(max_length=200, blank=True)
    columns = models.JSONField(default=dict)
    whole = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    source = models.CharField(max_length=100, blank=True)
    run = models.BigIntegerField(null=True)
    undo_run = models.BigIntegerField(null=True)
    before = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    problem = models.JSONField(default=dict)  # {"code", "facts"}
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=150, blank=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["library", "-at"], name="upload_library")]


class Entry(models.Model):
    """One thing an owner did with a book of the bookcase. Its key is made by the page, so that a repeat does nothing.

    ``before`` and ``after`` are numbers of copies, 0 where the book is not there.
    """

    class Act(models.TextChoices):
        ADD = "add"
        CHANGE = "change"
        REMOVE = "remove"
        UNDO = "undo"

    key = models.UUIDField(primary_key=True)
    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="+")
    act = models.CharField(max_length=10, choices=Act.choices)
    record = models.BigIntegerField()
    title = models.CharField(max_length=300)
    before = models.IntegerField()
    after = models.IntegerField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["library", "-at"], name="entry_library")]
