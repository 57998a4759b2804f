"""What a library's own pages keep: the examinations of its endpoint."""

from uuid import uuid4

from django.db import models


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
