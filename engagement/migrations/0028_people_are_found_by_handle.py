from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    atomic = False  # built beside those who read and write

    dependencies = [("engagement", "0027_relationships_are_kept")]

    operations = [
        AddIndexConcurrently(model_name="person", index=models.Index(Lower("handle"), name="person_by_handle")),
    ]
