from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("engagement", "0008_replies_to_sign_are_found"),
    ]

    operations = [
        migrations.AddField(
            model_name='reply',
            name='language',
            field=models.CharField(blank=True, db_default='', default='', max_length=12),
        ),
    ]
