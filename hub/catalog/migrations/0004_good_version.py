from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0003_works'),
    ]

    operations = [
        migrations.AddField(
            model_name='record',
            name='good',
            field=models.BigIntegerField(null=True),
        ),
        migrations.RunSQL(
            "UPDATE catalog_record SET good = raw WHERE state IN ('live', 'aside')",
            migrations.RunSQL.noop,
        ),
    ]
