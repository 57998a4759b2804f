"""What the desk keeps: what was asked for, pauses, sources being set up, who is told and was told, logs of runs."""

from uuid import uuid4

from django.db import models

BigKey = models.BigIntegerField


class Request(models.Model):
    """Work asked for on a page; the row is the queue. A worker takes it with a lease and does it once.

    ``source`` is the name of a source file: its row of the catalog may not be there yet. ``facts`` are the window of a
    re-harvest. A worker that dies leaves an expired lease, and the request is taken again, ``tries`` times in all.
    """

    class Act(models.TextChoices):
        RUN = "run"  # what has changed
        FULL = "full"  # everything again, the checkpoint stays until the list has ended
        RESET = "reset"  # the checkpoint is forgotten first
        WINDOW = "window"  # what changed between two days
        SWEEP = "sweep"  # the whole list compared
        RETRY = "retry"  # what is rejected is read again
        REPAIR = "repair"  # what is suggested is accepted for all of one kind of problem

    class Status(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        WITHDRAWN = "withdrawn"

    source = models.CharField(max_length=100, db_index=True)
    act = models.CharField(max_length=10, choices=Act.choices)
    facts = models.JSONField(default=dict)
    by = models.CharField(max_length=150)
    asked_at = models.DateTimeField()
    not_before = models.DateTimeField(null=True)  # its server was busy: to be tried again from then on
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING, db_index=True)
    tries = models.IntegerField(default=0)
    lease_owner = models.CharField(max_length=100, blank=True)
    lease_expires = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    run = BigKey(null=True)  # the run of the catalog that does it
    problem = models.JSONField(default=dict)  # {"code", "facts"}: why it was not done


class Pause(models.Model):
    """A source whose schedule does nothing until somebody resumes it."""

    source = models.CharField(max_length=100, primary_key=True)
    by = models.CharField(max_length=150)
    since = models.DateTimeField()
    reason = models.TextField(blank=True)


class Draft(models.Model):
    """A source being set up by the wizard: what was said and found, step by step; forgotten when it is written."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    content = models.JSONField(default=dict)


class Contact(models.Model):
    """Who is told, of which sources: one, those of a library, or all (both empty); by e-mail, by webhook, or both."""

    class Digest(models.TextChoices):
        NONE = "none"
        DAILY = "daily"
        WEEKLY = "weekly"

    name = models.CharField(max_length=150)
    email = models.EmailField(blank=True)
    webhook = models.URLField(max_length=500, blank=True)
    source = models.CharField(max_length=100, blank=True)
    library = models.CharField(max_length=40, blank=True)
    on_failure = models.BooleanField(default=True)
    on_silence = models.BooleanField(default=True)
    digest = models.CharField(max_length=10, choices=Digest.choices, default=Digest.NONE)
    language = models.CharField(max_length=2, default="vi")
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()


class Message(models.Model):
    """The outbox: one message to one contact by one way, sent once. ``key`` names the occasion."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="messages")
    way = models.CharField(max_length=10)  # email | webhook
    key = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)  # failure | silence | digest | test
    subject = models.CharField(max_length=300)
    body = models.TextField()
    facts = models.JSONField(default=dict)  # what a webhook is told
    created_at = models.DateTimeField(db_index=True)
    due_at = models.DateTimeField(null=True, db_index=True)  # when it is tried next; null: sent or given up
    tries = models.IntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contact", "way", "key"], name="message_once")]


class LogLine(models.Model):
    """A line of a run's log: in plain words by its code and facts, or technical text as it was said."""

    run = BigKey()
    at = models.DateTimeField()
    code = models.CharField(max_length=60, blank=True)  # of hub.operations.journal.WORDS, or of a problem
    facts = models.JSONField(default=dict)
    text = models.TextField(blank=True)  # technical, as it was said

    class Meta:
        indexes = [models.Index(fields=["run", "id"], name="log_of_run")]
