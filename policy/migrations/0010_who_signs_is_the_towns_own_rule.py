import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_what_was_done_is_found_quickly"),
        ("policy", "0009_plans_have_limits_and_topics_owners"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="approval",
            name="timed_for",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="policychoices",
            name="public_corrections",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="policychoices",
            name="sign_deputy",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="policychoices",
            name="sign_hours",
            field=models.PositiveSmallIntegerField(db_default=24, default=24),
        ),
        migrations.CreateModel(
            name="SigningRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("kind", models.CharField(blank=True, max_length=24)),
                (
                    "mode",
                    models.CharField(
                        blank=True,
                        choices=[("emergency", "Emergency"), ("election", "Election"), ("mourning", "Mourning")],
                        max_length=12,
                    ),
                ),
                ("hours", models.PositiveSmallIntegerField(default=24)),
                ("timed", models.BooleanField(default=False)),
                ("why", models.CharField(max_length=160)),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "deputy",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "scope",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.scope",
                    ),
                ),
                (
                    "signer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policy.topic",
                    ),
                ),
            ],
            options={
                "ordering": ("at", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("deputy", None),
                            models.Q(
                                ("signer__isnull", False), models.Q(("deputy", models.F("signer")), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="signing_rule_deputy_is_another",
                    ),
                    models.CheckConstraint(condition=models.Q(("hours__gte", 1)), name="signing_rule_has_a_limit"),
                    models.CheckConstraint(
                        condition=models.Q(("why", ""), _negated=True), name="signing_rule_says_why"
                    ),
                ],
            },
        ),
    ]
