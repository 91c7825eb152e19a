from django.db import migrations

from accounts.appendonly import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("metrics", "0008_weekly_reports"),
    ]
    operations = [
        append_only("metrics_frozenreport"),
        append_only("metrics_reportsignature"),
    ]
