from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # built beside those who read and write

    dependencies = [("engagement", "0009_conversations_have_a_place_in_the_queue")]

    operations = [
        AddIndexConcurrently(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("escalated", True)), fields=["due_at", "id"], name="inbox_escalated"
            ),
        ),
        AddIndexConcurrently(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("kind", "mention"), ("state", "open")), fields=["due_at", "id"], name="inbox_mentions"
            ),
        ),
        AddIndexConcurrently(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("state", "open")), fields=["-priority", "due_at", "id"], name="inbox_by_priority"
            ),
        ),
        AddIndexConcurrently(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("language", ""), _negated=True), fields=["language", "-last_at", "-id"], name="inbox_of_language"
            ),
        ),
        AddIndexConcurrently(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("priority", 10), _negated=True), fields=["priority", "-last_at", "-id"], name="inbox_of_priority"
            ),
        ),
        AddIndexConcurrently(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("department__isnull", False)), fields=["department", "-last_at", "-id"], name="inbox_of_department"
            ),
        ),
        AddIndexConcurrently(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("assignee__isnull", False)), fields=["assignee", "-last_at", "-id"], name="inbox_of_holder"
            ),
        ),
        AddIndexConcurrently(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)), fields=["merged_into"], name="inbox_merged"
            ),
        ),
        AddIndexConcurrently(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("snoozed_until__isnull", False)), fields=["snoozed_until"], name="inbox_snoozed"
            ),
        ),
    ]
