from django.db import migrations

from accounts.appendonly import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("metrics", "0004_figures_of_other_systems"),
    ]
    operations = [
        append_only("metrics_outsidefigure"),
    ]
