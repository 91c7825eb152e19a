from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("channels_app", "0016_apps_and_people_on_their_way"),
    ]

    operations = [
        migrations.AddField(
            model_name="channel",
            name="renew_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="channel",
            name="renewed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="channel",
            name="canary_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="channel",
            name="silent_since",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="channel",
            name="in_preparation",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
