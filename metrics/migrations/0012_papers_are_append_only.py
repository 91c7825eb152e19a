from django.db import migrations

from accounts.appendonly import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("metrics", "0011_reports_on_paper"),
    ]
    operations = [
        append_only("metrics_reportpaper"),
    ]
