from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # built beside those who read and write

    dependencies = [("engagement", "0004_unexplained_messages_are_found")]

    operations = [
        AddIndexConcurrently(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("assignee", None), ("state", "open")), fields=["due_at", "id"], name="inbox_unassigned"
            ),
        ),
        AddIndexConcurrently(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("state", "open")), fields=["-last_at", "-id"], name="inbox_open_newest"
            ),
        ),
        AddIndexConcurrently(
            model_name="conversation",
            index=models.Index(fields=["channel", "-last_at", "-id"], name="inbox_of_channel"),
        ),
    ]
