import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

OUTCOMES = [("keep", "It helped: we keep it"), ("stop", "It did not help: we stop"), ("unclear", "Could not tell")]


class Migration(migrations.Migration):

    dependencies = [
        ("metrics", "0009_frozen_reports_are_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Shift",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("because", models.CharField(max_length=300)),
                ("will", models.CharField(max_length=300)),
                ("review_on", models.DateField()),
                ("measure", models.CharField(blank=True, max_length=60)),
                ("then", models.FloatField(blank=True, null=True)),
                ("at", models.DateTimeField()),
                ("outcome", models.CharField(blank=True, choices=OUTCOMES, max_length=7)),
                ("words", models.CharField(blank=True, max_length=300)),
                ("after", models.FloatField(blank=True, null=True)),
                ("reviewed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-at", "-pk"),
                "indexes": [
                    models.Index(condition=Q(reviewed_at=None), fields=["review_on"], name="shift_to_review")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(outcome="", reviewed_at=None)
                        | ~Q(outcome="") & ~Q(words="") & Q(reviewed_at__isnull=False),
                        name="shift_reviewed_says_what_came",
                    )
                ],
            },
        ),
    ]
