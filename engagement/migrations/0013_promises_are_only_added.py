from django.db import migrations

from accounts.appendonly import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("engagement", "0012_promises_have_priorities_and_misses_reasons"),
    ]
    operations = [
        append_only("engagement_acknowledgement"),
        append_only("engagement_acknowledged"),
        append_only("engagement_missreason"),
    ]
