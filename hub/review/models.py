"""Who is at which question, who was not sure, and what people noted down."""

from django.db import models

from hub.catalog.models import Record

BigKey = models.BigIntegerField


class Claim(models.Model):
    """A person is at a question until a moment: nobody else is given it till then."""

    pk = models.CompositePrimaryKey("first", "second")
    first = BigKey()
    second = BigKey()
    by = models.CharField(max_length=150, db_index=True)
    until = models.DateTimeField()


class Unsure(models.Model):
    """A person looked at a question and was not sure; it comes back to the same person later, to others at once."""

    first = BigKey()
    second = BigKey()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["first", "second", "by"], name="unsure_once")]


class Note(models.Model):
    """What a person noted down about two records, or (without ``second``) about the union record of one."""

    first = models.ForeignKey(Record, on_delete=models.CASCADE, db_constraint=False, related_name="+")
    second = models.ForeignKey(Record, on_delete=models.CASCADE, db_constraint=False, null=True, related_name="+")
    text = models.TextField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
