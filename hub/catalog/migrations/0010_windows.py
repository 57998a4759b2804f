from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0009_audit_trail_moves")]

    operations = [
        migrations.AlterField(
            model_name="run",
            name="kind",
            field=models.CharField(
                choices=[("harvest", "Harvest"), ("sweep", "Sweep"), ("decision", "Decision"), ("window", "Window")],
                default="harvest",
                max_length=10,
            ),
        ),
    ]
