import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("metrics", "0010_what_is_done_otherwise"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReportPaper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("signed", models.BooleanField()),
                ("data", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("sheets", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="metrics.weeklyreport",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("report", "signed"), name="report_paper_once")],
            },
        ),
    ]
