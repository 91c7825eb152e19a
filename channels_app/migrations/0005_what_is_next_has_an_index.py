from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # built beside those who read and write

    dependencies = [("channels_app", "0004_alarms_and_tallies")]

    operations = [
        AddIndexConcurrently(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state__in", ["scheduled", "retry_wait", "unknown", "awaiting_platform"])),
                fields=["next_action_at"],
                name="delivery_next",
            ),
        ),
        AddIndexConcurrently(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("published_at__isnull", False)),
                fields=["published_at"],
                name="delivery_by_publication",
            ),
        ),
    ]
