from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("engagement", "0014_a_channel_may_only_warn"),
    ]

    operations = [
        migrations.AddField(
            model_name='reply',
            name='language',
            field=models.CharField(blank=True, db_default='', default='', max_length=12),
        ),
    ]
