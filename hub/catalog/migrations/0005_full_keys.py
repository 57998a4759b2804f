from django.db import migrations, models

MOST = 300  # hub.match.keys.MAX_BLOCK when this was written


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0004_good_version'),
    ]

    operations = [
        migrations.CreateModel(
            name='FullKey',
            fields=[
                ('key', models.BigIntegerField(primary_key=True, serialize=False)),
                ('shrunk', models.BooleanField(default=False)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('shrunk', True)), fields=['key'], name='fullkey_shrunk')],
            },
        ),
        migrations.RunSQL(
            'INSERT INTO catalog_fullkey (key, shrunk)'
            f' SELECT key, FALSE FROM catalog_matchkey GROUP BY key HAVING COUNT(*) > {MOST}',
            migrations.RunSQL.noop,
        ),
    ]
