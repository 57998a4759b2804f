"""Libraries of the network: who they are. Nothing about readers, ever."""

from django.db import models


class Library(models.Model):
    """A library, bookcase or publisher of the network, by its local code (``VN-HP-0001``: not an ISIL)."""

    code = models.CharField(primary_key=True, max_length=40)
    name_vi = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=40, default="other")
    unit = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name_vi
