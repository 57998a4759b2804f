"""The tables of reports."""

from django.db import models


class Survey(models.Model):
    """What the network lacked and had too much of at one moment: kept as it was found, for comparison.

    ``body`` is :meth:`hub.reports.gaps.Found.dump`; the same catalog gives the same ``digest`` (SHA-256 of the body).
    """

    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)
    titles = models.BigIntegerField()  # union records looked at
    digest = models.CharField(max_length=64)
    body = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["-made_at"], name="survey_newest")]
