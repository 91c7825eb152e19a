from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    dependencies = [
        ("calendar_app", "0002_versions_are_append_only"),
        ("accounts", "0004_words_can_be_searched_by_parts"),
    ]
    operations = [
        migrations.AddIndex("post", GinIndex(OpClass(Upper("text"), name="gin_trgm_ops"), name="post_search")),
    ]
