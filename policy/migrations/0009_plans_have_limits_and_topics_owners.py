import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("policy", "0008_modes_packs_and_final_say"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="civicdate",
            name="at",
            field=models.TimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="civicdate",
            name="pack",
            field=models.CharField(blank=True, db_default="", default="", max_length=40),
        ),
        migrations.AddField(
            model_name="topic",
            name="evidence",
            field=models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
        migrations.AddField(
            model_name="topic",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="topics",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.CreateModel(
            name="PlanLimits",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("unplanned_share", models.PositiveSmallIntegerField(default=33)),
                ("link_only_share", models.PositiveSmallIntegerField(default=40)),
                ("niche_slots", models.PositiveSmallIntegerField(default=5)),
                ("general_slots", models.PositiveSmallIntegerField(default=5)),
                ("silent_days", models.PositiveSmallIntegerField(default=28)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="plan_limits_is_one_row"),
                    models.CheckConstraint(
                        condition=models.Q(("link_only_share__lte", 100), ("unplanned_share__lte", 100)),
                        name="plan_limits_are_shares",
                    ),
                ],
            },
        ),
    ]
