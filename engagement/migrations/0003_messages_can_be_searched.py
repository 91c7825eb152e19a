from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    dependencies = [
        ("engagement", "0002_history_is_append_only"),
        ("accounts", "0004_words_can_be_searched_by_parts"),
    ]
    operations = [
        migrations.AddIndex("message", GinIndex(OpClass(Upper("text"), name="gin_trgm_ops"), name="message_search")),
        migrations.AddIndex("person", GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="person_search")),
    ]
