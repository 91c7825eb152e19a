from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("channels_app", "0021_mentions_can_stay_unheard")]

    operations = [
        migrations.AddField("channel", "notices_at", models.DateTimeField(blank=True, null=True)),
    ]
