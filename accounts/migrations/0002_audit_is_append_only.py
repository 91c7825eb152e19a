from django.db import migrations

from accounts.appendonly import append_only, the_function


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
    ]
    operations = [
        the_function(),
        append_only("accounts_auditentry"),
        append_only("accounts_auditseal"),
    ]
