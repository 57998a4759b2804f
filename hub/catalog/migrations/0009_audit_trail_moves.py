"""The audit trail moves to the accounts, each of its rows sealed in the order they were written."""

from django.db import migrations

from hub.accounts.audit import START, plain, seal


def chain(apps, editor):
    old = apps.get_model("catalog", "AuditEvent").objects.order_by("id")
    event, head = (apps.get_model("accounts", name) for name in ("AuditEvent", "AuditHead"))
    last = head.objects.filter(pk=1).first()
    number, previous = (last.number, last.hash) if last else (0, START)
    rows = []
    for row in old.iterator(chunk_size=2000):
        number += 1
        facts = plain(row.facts)
        digest = seal(number, row.at, row.by, row.act, row.about, facts, previous)
        rows.append(event(number=number, at=row.at, by=row.by, act=row.act, about=row.about, facts=facts,
                          previous=previous, hash=digest))
        previous = digest
        if len(rows) == 500:
            event.objects.bulk_create(rows)
            rows = []
    event.objects.bulk_create(rows)
    head.objects.update_or_create(pk=1, defaults={"number": number, "hash": previous})


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_append_only'),
        ('catalog', '0008_questions_and_choices'),
    ]

    operations = [
        migrations.RunPython(chain),
        migrations.DeleteModel(name='AuditEvent'),
    ]
