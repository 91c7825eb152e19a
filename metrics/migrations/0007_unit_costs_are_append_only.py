from django.db import migrations

from accounts.appendonly import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("metrics", "0006_costs_and_aims"),
    ]
    operations = [
        append_only("metrics_unitcost"),
    ]
