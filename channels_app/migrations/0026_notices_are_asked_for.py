from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("channels_app", "0025_a_channel_remembers_why_it_was_paused")]

    operations = [
        migrations.AddField("channel", "notices_at", models.DateTimeField(blank=True, null=True)),
    ]
