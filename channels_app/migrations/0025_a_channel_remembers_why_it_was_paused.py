from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("channels_app", "0024_threads_are_walked_to_their_end"),
    ]

    operations = [
        migrations.AddField(
            model_name="channel",
            name="paused_why",
            field=models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
    ]
