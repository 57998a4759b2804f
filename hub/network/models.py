"""Libraries of the network: who they are. Nothing about readers, ever."""

from django.db import models


class Library(models.Model):
    """A library, bookcase or publisher of the network, by its local code (``VN-HP-0001``: not an ISIL)."""

    code = models.CharField(primary_key=True, max_length=40)
    name_vi = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=40, default="other")
    unit = models.CharField(max_length=200, blank=True)
    latitude = models.FloatField(null=True)  # degrees of WGS 84
    longitude = models.FloatField(null=True)

    def __str__(self) -> str:
        return self.name_vi


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
