import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # built beside those who read and write

    dependencies = [
        ("policy", "0003_record_bodies_leave_by_disposal"),
        ("accounts", "0004_words_can_be_searched_by_parts"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="record",
            index=models.Index(fields=["-at", "-id"], name="record_by_newest"),
        ),
        AddIndexConcurrently(
            model_name="record",
            index=models.Index(fields=["kind", "-at", "-id"], name="record_of_kind"),
        ),
        AddIndexConcurrently(
            model_name="record",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("subject"), name="gin_trgm_ops"
                ),
                name="record_search",
            ),
        ),
    ]
