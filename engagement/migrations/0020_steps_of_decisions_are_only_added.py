from django.db import migrations

from accounts.appendonly import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("engagement", "0019_decisions_are_put_and_kept"),
        ("accounts", "0002_audit_is_append_only"),
    ]
    operations = [
        append_only("engagement_decisionstep"),
    ]
