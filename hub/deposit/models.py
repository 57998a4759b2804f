"""The tables of deposit. :mod:`hub.deposit.deposits` is their only writer."""

from django.db import models

from hub.network.models import Library


class Publication(models.Model):
    """A publication as its publisher declares it; what it owes follows from the rules (:mod:`hub.deposit.rules`)."""

    publisher = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=500)
    author = models.CharField(max_length=300, blank=True)
    imprint = models.CharField(max_length=300, blank=True)  # who published it, where another library brings it
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
    level = models.CharField(max_length=12, default="public")  # see hub.deposit.access
    embargo = models.DateField(null=True)  # until this day nobody outside reads its files
    room = models.BooleanField(default=False)  # its files are read in a reading room only
    free = models.BooleanField(default=False)  # the test of three barriers: none of money,
    lawful = models.BooleanField(default=False)  # of law,
    usable = models.BooleanField(default=False)  # of technique
    terms = models.CharField(max_length=200, blank=True)  # the address of its open licence
    list_on = models.DateField(null=True)  # when what it is in the union catalog must be said again
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["publisher", "isbn", "form"], condition=~models.Q(isbn=""), name="publication_isbn"
            )
        ]
        indexes = [
            models.Index(fields=["release"], name="publication_release"),
            models.Index(fields=["list_on"], name="publication_list_on"),
        ]


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
    pdf = models.ForeignKey("Kept", on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["year", "number"], name="receipt_number")]


class Kept(models.Model):
    """A file that is kept for good, by its content; ``name`` is what it was called when it came.

    ``checked_at``: when its copies were last compared with ``sha256``; ``lost_at``: since when no copy is whole.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.BigIntegerField()
    name = models.CharField(max_length=255)
    format = models.CharField(max_length=20, blank=True)  # see schemas.content_type
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="files", null=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    checked_at = models.DateTimeField(null=True)
    lost_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["checked_at"], name="kept_checked")]


class Delivery(models.Model):
    """A file on its way in: how much of it has arrived, what was found in it, what became of it.

    ``offset``: bytes that are here. ``sha256``: what the sender says of the whole, "" where it says nothing.
    ``report``: {"format", "facts", "problems": [{"code", "facts", "grave"}], "confined", "scanned"}.
    """

    class State(models.TextChoices):
        ARRIVING = "arriving"
        ARRIVED = "arrived"  # whole, not judged yet
        JUDGING = "judging"
        KEPT = "kept"
        KNOWN = "known"  # the same content is kept already
        REFUSED = "refused"
        DROPPED = "dropped"  # its sender gave it up, or nothing more came for too long

    token = models.CharField(max_length=32, unique=True)
    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="+")
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="deliveries", null=True)
    name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, blank=True)
    offset = models.BigIntegerField(default=0)
    door = models.CharField(max_length=12)  # page, api, folder, oai, package
    origin = models.CharField(max_length=500, blank=True)  # the address it was fetched from
    state = models.CharField(max_length=10, choices=State.choices, default=State.ARRIVING)
    format = models.CharField(max_length=20, blank=True)
    report = models.JSONField(default=dict)
    kept = models.ForeignKey(Kept, on_delete=models.PROTECT, related_name="deliveries", null=True)
    version = models.PositiveSmallIntegerField(default=0)  # of its publication in its format; the first is 1
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["state", "changed_at"], name="delivery_state"),
            models.Index(fields=["sha256"], name="delivery_sha256"),
        ]


class Recipient(models.Model):
    """Where another hub, or a library that takes packages, has them sent: its tus address for us.

    ``secret`` names the environment variable whose value goes along as a bearer token.
    """

    library = models.OneToOneField(Library, on_delete=models.CASCADE, primary_key=True, related_name="+")
    url = models.CharField(max_length=500)
    secret = models.CharField(max_length=100)


class Parcel(models.Model):
    """A package on its way to a recipient, until it is acknowledged; the same package goes to it once.

    ``place``: the upload at the other hub. ``answer``: what it said last.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"  # all of it is there, not acknowledged yet
        ACKNOWLEDGED = "acknowledged"
        REFUSED = "refused"

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="parcels")
    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="+")
    package = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    place = models.CharField(max_length=600, blank=True)
    tries = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=500, blank=True)
    answer = models.JSONField(default=dict)
    due_at = models.DateTimeField(null=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["library", "sha256"], name="parcel_once")]
        indexes = [models.Index(fields=["due_at"], name="parcel_due")]


class Offer(models.Model):
    """Copies that a library offers for exchange, or (``wanted``) wants; open until closed or used up."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="offers")
    wanted = models.BooleanField(default=False)
    title = models.CharField(max_length=500)
    isbn = models.CharField(max_length=13, blank=True, db_index=True)
    copies = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=500, blank=True)
    closed_at = models.DateTimeField(null=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)


class Share(models.Model):
    """Copies for one library: of a distribution of a publication, or of an offer. ``key``: the same act once."""

    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="shares")
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="shares", null=True)
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="shares", null=True)
    copies = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    received_at = models.DateTimeField(null=True)
    received_by = models.CharField(max_length=150, blank=True)
    came = models.PositiveSmallIntegerField(null=True)
    receipt = models.OneToOneField(Receipt, on_delete=models.PROTECT, null=True, related_name="share")
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["library", "received_at"], name="share_library")]
