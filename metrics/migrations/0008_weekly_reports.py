import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [
        ("metrics", "0007_unit_costs_are_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="WeeklyReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("week", models.DateField(unique=True)),
                ("state", models.CharField(choices=[("due", "Due"), ("made", "Made")], default="due", max_length=4)),
                ("due_at", models.DateTimeField()),
                ("made_at", models.DateTimeField(blank=True, null=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("-week",),
                "indexes": [models.Index(condition=Q(sent_at=None), fields=["due_at"], name="report_due")],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(state="due", made_at=None) | Q(state="made", made_at__isnull=False),
                        name="report_made_has_a_time",
                    ),
                    models.CheckConstraint(condition=Q(sent_at=None) | Q(state="made"), name="report_sent_was_made"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FrozenReport",
            fields=[
                (
                    "report",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="frozen",
                        serialize=False,
                        to="metrics.weeklyreport",
                    ),
                ),
                ("content", models.JSONField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ReportSignature",
            fields=[
                (
                    "report",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="signature",
                        serialize=False,
                        to="metrics.weeklyreport",
                    ),
                ),
                ("remark", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
    ]
