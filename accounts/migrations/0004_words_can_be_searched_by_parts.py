from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_sign_in_counters_have_a_table")]
    operations = [TrigramExtension()]
