from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("engagement", "0003_messages_can_be_searched")]

    operations = [
        AddIndexConcurrently(
            model_name="message",
            index=models.Index(
                condition=models.Q(("delivery", None), ("ours", True)), fields=["at"], name="message_unexplained"
            ),
        ),
    ]
