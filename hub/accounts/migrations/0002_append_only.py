"""The audit trail takes new rows only: the database refuses to change or remove one."""

from django.db import migrations

MESSAGE = "the audit trail is append-only"
SQLITE = (
    "CREATE TRIGGER audit_no_{name} BEFORE {verb} ON accounts_auditevent"
    " BEGIN SELECT RAISE(ABORT, '{message}'); END"
)
POSTGRESQL = (
    "CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS"
    f" $$ BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$",
    "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON accounts_auditevent"
    " FOR EACH ROW EXECUTE FUNCTION audit_append_only()",
    "CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON accounts_auditevent"
    " FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()",
)


def guard(apps, editor):
    if editor.connection.vendor == "sqlite":
        for name, verb in (("update", "UPDATE"), ("delete", "DELETE")):
            editor.execute(SQLITE.format(name=name, verb=verb, message=MESSAGE))
    else:
        for statement in POSTGRESQL:
            editor.execute(statement)


def unguard(apps, editor):
    if editor.connection.vendor == "sqlite":
        editor.execute("DROP TRIGGER audit_no_update")
        editor.execute("DROP TRIGGER audit_no_delete")
    else:
        editor.execute("DROP TRIGGER audit_no_change ON accounts_auditevent")
        editor.execute("DROP TRIGGER audit_no_truncate ON accounts_auditevent")
        editor.execute("DROP FUNCTION audit_append_only")


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(guard, unguard),
    ]
