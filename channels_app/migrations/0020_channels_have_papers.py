import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def person(**more):
    return models.ForeignKey(
        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, **more
    )


class Migration(migrations.Migration):

    dependencies = [
        ("channels_app", "0019_prices_of_platforms"),
        ("policy", "0014_sharp_answers_can_be_held"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Papers",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("audience", models.TextField(blank=True)),
                ("weekly_hours", models.DecimalField(blank=True, decimal_places=1, max_digits=5, null=True)),
                ("moderation", models.TextField(blank=True)),
                ("exit_plan", models.TextField(blank=True)),
                ("recovery", models.CharField(blank=True, max_length=300)),
                ("second_factor", models.CharField(blank=True, max_length=300)),
                ("second_factor_on", models.DateField(blank=True, null=True)),
                ("changed_at", models.DateTimeField()),
                ("changed_by", person()),
                (
                    "channel",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="papers", to="channels_app.channel"
                    ),
                ),
                (
                    "objective",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policy.objective",
                    ),
                ),
                ("owner", person(blank=True)),
            ],
            options={
                "verbose_name_plural": "papers",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("weekly_hours", None), ("weekly_hours__gte", 0), _connector="OR"),
                        name="papers_hours_not_negative",
                    )
                ],
            },
        ),
    ]
