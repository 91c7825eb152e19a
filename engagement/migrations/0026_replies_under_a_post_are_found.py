from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # built beside those who read and write

    dependencies = [("engagement", "0025_people_are_asked")]

    operations = [
        AddIndexConcurrently(
            model_name="message",
            index=models.Index(
                fields=["channel", "root_id", "at"], condition=~models.Q(("root_id", "")), name="message_under_post"
            ),
        ),
    ]
