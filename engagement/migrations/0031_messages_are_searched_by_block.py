from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations
from django.db.models import F
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    """The new index answers what the old one did, so that old workers search on while it takes its place."""

    atomic = False  # built beside those who read and write

    dependencies = [("engagement", "0030_numbers_are_found_beside_words")]

    operations = [
        AddIndexConcurrently(
            model_name="message",
            index=GinIndex(
                F("id").bitrightshift(13), OpClass(Upper("text"), name="gin_trgm_ops"), name="message_search_by_block"
            ),
        ),
        RemoveIndexConcurrently(model_name="message", name="message_search"),
    ]
