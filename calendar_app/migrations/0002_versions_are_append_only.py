from django.db import migrations

from accounts.appendonly import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("calendar_app", "0001_initial"),
        ("accounts", "0002_audit_is_append_only"),
    ]
    operations = [
        append_only("calendar_app_postversion"),
    ]
