import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

ROUTES = [
    ("phone", "A phone call"),
    ("email", "An e-mail"),
    ("counter", "A visit at the counter"),
    ("form", "A web form"),
    ("letter", "A letter"),
    ("hour", "An hour of staff"),
]


class Migration(migrations.Migration):

    dependencies = [
        ("metrics", "0005_outside_figures_are_append_only"),
        ("policy", "0014_sharp_answers_can_be_held"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="UnitCost",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("route", models.CharField(choices=ROUTES, max_length=10)),
                ("low", models.DecimalField(decimal_places=2, max_digits=10)),
                ("high", models.DecimalField(decimal_places=2, max_digits=10)),
                ("source", models.CharField(max_length=200)),
                ("dated", models.DateField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("route", "-at", "-pk"),
                "indexes": [models.Index(fields=["route", "-at"], name="unit_cost_newest")],
                "constraints": [
                    models.CheckConstraint(condition=Q(low__gte=0, high__gte=F("low")), name="unit_cost_is_a_range"),
                    models.CheckConstraint(condition=~Q(source=""), name="unit_cost_has_a_source"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Aim",
            fields=[
                (
                    "objective",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="aim",
                        serialize=False,
                        to="policy.objective",
                    ),
                ),
                ("since", models.DateField(blank=True, null=True)),
                (
                    "control",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policy.topic",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="policy.topic"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=~Q(control=F("topic")), name="aim_control_is_another_topic")
                ],
            },
        ),
    ]
