from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("channels_app", "0007_a_channel_may_only_broadcast"),
    ]

    operations = [
        migrations.AddField(
            model_name="linkscheme",
            name="in_text",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
