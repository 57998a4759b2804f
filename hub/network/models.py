"""Libraries of the network: who they are and where. Nothing about readers, ever."""

from django.db import models


class Unit(models.Model):
    """An administrative unit while it was what it was: codes are used again, so code and first day are its key.

    ``since`` is its first day (0001-01-01: not known), ``until`` its last one. ``code`` is that of the General
    Statistics Office.
    """

    class Level(models.TextChoices):
        PROVINCE = "province"
        DISTRICT = "district"
        COMMUNE = "commune"

    code = models.CharField(max_length=20)
    since = models.DateField()
    until = models.DateField(null=True)
    level = models.CharField(max_length=10, choices=Level.choices)
    name = models.CharField(max_length=200)  # with its kind: «Phường Gia Viên»
    spelled = models.CharField(max_length=300, db_index=True)  # syllables with their tones, however they are written
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    island = models.BooleanField(default=False)
    basis = models.CharField(max_length=200, blank=True)  # the resolution that made it
    latitude = models.FloatField(null=True)  # degrees of WGS 84
    longitude = models.FloatField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "since"], name="unit_identity")]

    def __str__(self) -> str:
        return self.name


class Succession(models.Model):
    """A unit that ended gave to one that began: all of itself, or a part."""

    before = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="into")
    after = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="out_of")
    whole = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["before", "after"], name="succession_once")]


class Library(models.Model):
    """A library, bookcase or publisher of the network, by its local code (``VN-HP-0001``: not an ISIL)."""

    code = models.CharField(primary_key=True, max_length=40)
    name_vi = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=40, default="other")
    unit = models.CharField(max_length=200, blank=True)
    latitude = models.FloatField(null=True)  # degrees of WGS 84
    longitude = models.FloatField(null=True)
    legal = models.CharField(max_length=10, blank=True)  # hub.network.types.LEGAL; "": by its kind
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    steward = models.EmailField(max_length=200, blank=True)  # who looks after it at the hub
    left_on = models.DateField(null=True)
    successor = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.name_vi


class Place(models.Model):
    """In which unit a library was, from a day on, until the next of its places begins."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="places")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="places")
    since = models.DateField()
    by = models.CharField(max_length=150)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["library", "since"], name="place_of_day")]


class Contact(models.Model):
    """How a library may be reached, as it says itself, and whether everybody may see it.

    Without a row here nothing is known; without ``shown`` the kind of library decides (:func:`hub.network.contacts`).
    """

    library = models.OneToOneField(Library, on_delete=models.CASCADE, primary_key=True, related_name="contact")
    email = models.EmailField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=300, blank=True)
    hours = models.CharField(max_length=300, blank=True)
    website = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=500, blank=True)
    shown = models.BooleanField(null=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=150)


class LendingPolicy(models.Model):
    """What a library lends to others, as it says; without a row its kind decides (:mod:`hub.network.policies`)."""

    library = models.OneToOneField(Library, on_delete=models.CASCADE, primary_key=True, related_name="+")
    lends = models.BooleanField()
    days = models.PositiveSmallIntegerField(default=30)
    renewals = models.PositiveSmallIntegerField(default=1)
    most = models.PositiveSmallIntegerField(default=10)  # copies at one library at the same time
    fee = models.PositiveIntegerField(default=0)  # VND a loan
    groups_only = models.BooleanField(default=False)
    textbooks = models.BooleanField(default=False)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=150)


class Group(models.Model):
    """Libraries that have agreed to share (Nghị định 93/2020/NĐ-CP, Điều 29), with the library that speaks for them."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=300)
    liaison = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="+", null=True)
    agreement = models.CharField(max_length=300, blank=True)  # number and day of the paper
    since = models.DateField()
    until = models.DateField(null=True)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A library is in a group from a day on, until it leaves."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="memberships")
    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="memberships")
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "library", "since"], name="membership_once")]


class Application(models.Model):
    """Somebody asks that a library or a bookcase join the network; a coordinator says yes or no."""

    class State(models.TextChoices):
        WAITS = "waits"
        ACCEPTED = "accepted"
        REFUSED = "refused"

    name = models.CharField(max_length=300)
    kind = models.CharField(max_length=40)
    unit = models.CharField(max_length=200, blank=True)
    email = models.EmailField(max_length=200)
    phone = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITS)
    at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=150, blank=True)
    why = models.CharField(max_length=500, blank=True)
    library = models.ForeignKey(Library, on_delete=models.SET_NULL, null=True, related_name="+")


class ServicePoint(models.Model):
    """A place at which a library serves: a room, a stop of its van, a box in a school. No library of its own."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="points")
    name = models.CharField(max_length=200)
    address = models.CharField(max_length=300, blank=True)
    hours = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("name", "pk")


class Officer(models.Model):
    """Who is to be asked about one thing at a library: staff, never readers."""

    class Matter(models.TextChoices):
        LENDING = "lending"
        ROTATION = "rotation"
        CATALOGING = "cataloging"
        SYSTEMS = "systems"
        DEPOSIT = "deposit"

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="officers")
    matter = models.CharField(max_length=12, choices=Matter.choices)
    name = models.CharField(max_length=150, blank=True)
    email = models.EmailField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    told_on = models.DateField(null=True)  # the day of the last letter

    class Meta:
        constraints = [models.UniqueConstraint(fields=["library", "matter"], name="officer_once")]
