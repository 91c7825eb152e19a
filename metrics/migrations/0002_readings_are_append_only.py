from django.db import migrations

from accounts.appendonly import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("metrics", "0001_initial"),
        ("accounts", "0002_audit_is_append_only"),
    ]
    operations = [
        append_only("metrics_reading"),
    ]
