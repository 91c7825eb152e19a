from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # built beside those who read and write

    dependencies = [
        ("engagement", "0007_replies_can_be_signed"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="reply",
            index=models.Index(fields=["asked_at"], condition=models.Q(("state", "in_review")), name="reply_to_sign"),
        ),
    ]
