"""The tables of deposit. :mod:`hub.deposit.deposits` is their only writer."""

from django.db import models

from hub.network.models import Library


class Publication(models.Model):
    """A publication as its publisher declares it; what it owes follows from the rules (:mod:`hub.deposit.rules`)."""

    publisher = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=500)
    author = models.CharField(max_length=300, blank=True)
    isbn = models.CharField(max_length=13, blank=True, db_index=True)
    registration = models.CharField(max_length=60, blank=True)
    decision = models.CharField(max_length=100, blank=True)  # number and day of the decision to publish
    licence = models.CharField(max_length=12)
    form = models.CharField(max_length=12)
    edition = models.CharField(max_length=12)
    content = models.CharField(max_length=12, default="open")
    run = models.PositiveIntegerField(null=True)
    release = models.DateField()
    audience = models.CharField(max_length=1, blank=True)  # MARC 21 008/22
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["publisher", "isbn", "form"], condition=~models.Q(isbn=""), name="publication_isbn"
            )
        ]
        indexes = [models.Index(fields=["release"], name="publication_release")]


class Duty(models.Model):
    """An obligation of a publication by one rule, as the rule was when it was declared.

    ``proof`` is the number of the recipient's own receipt. ``done_on``: met; ``waived_at``: waived, with a reason.
    """

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="duties")
    rule = models.CharField(max_length=40)
    recipient = models.CharField(max_length=40)
    copies = models.PositiveSmallIntegerField()
    due = models.DateField()
    basis = models.CharField(max_length=300)
    verified = models.BooleanField()
    assumed = models.BooleanField()
    done_on = models.DateField(null=True)
    proof = models.CharField(max_length=100, blank=True)
    waived_at = models.DateTimeField(null=True)
    waived_by = models.CharField(max_length=150, blank=True)
    why = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["publication", "rule"], name="duty_once")]
        indexes = [models.Index(fields=["due"], name="duty_due")]


class Claim(models.Model):
    """A publisher was reminded of an obligation."""

    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="claims")
    at = models.DateTimeField()
    by = models.CharField(max_length=150)


class Receipt(models.Model):
    """Copies that a library has received for exchange, by a number without a gap in its year; never changed.

    ``body`` is what the receipt says, as it was when it was given. It stands in for no receipt of an authority.
    """

    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="receipts")
    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="+")
    copies = models.PositiveSmallIntegerField()
    body = models.JSONField()
    key = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["year", "number"], name="receipt_number")]


class Kept(models.Model):
    """A file that is kept for good, by its content; ``name`` is what it was called when it came.

    ``checked_at``: when its copies were last compared with ``sha256``; ``lost_at``: since when no copy is whole.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.BigIntegerField()
    name = models.CharField(max_length=255)
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="files", null=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    checked_at = models.DateTimeField(null=True)
    lost_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["checked_at"], name="kept_checked")]
