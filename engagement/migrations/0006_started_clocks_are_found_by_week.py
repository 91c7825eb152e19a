from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # built beside those who read and write

    dependencies = [("engagement", "0005_the_queue_has_its_indexes")]

    operations = [
        AddIndexConcurrently(
            model_name="clockevent",
            index=models.Index(condition=models.Q(("kind", "started")), fields=["at"], name="clock_started"),
        ),
    ]
