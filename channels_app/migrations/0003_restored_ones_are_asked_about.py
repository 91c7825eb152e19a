from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("channels_app", "0002_attempts_are_append_only")]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="ask_first",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
