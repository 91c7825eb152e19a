import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("policy", "0005_voice_and_findings_are_kept"),
    ]

    operations = [
        migrations.CreateModel(
            name="Acknowledgement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Clause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("anchor", models.SlugField(max_length=60)),
                ("position", models.PositiveIntegerField()),
                ("chapter", models.CharField(max_length=80)),
                ("number", models.CharField(max_length=8)),
                ("title", models.CharField(max_length=120)),
                ("text", models.TextField()),
                ("rules", models.JSONField(blank=True, default=list)),
                ("questions", models.TextField(blank=True)),
            ],
            options={
                "ordering": ("version", "position"),
            },
        ),
        migrations.CreateModel(
            name="GuideVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "guide",
                    models.CharField(choices=[("policy", "Policy"), ("voice", "Voice & accessibility")], max_length=10),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("asked", "Waits for approval"),
                            ("approved", "Approved"),
                            ("dropped", "Dropped"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("summary", models.CharField(blank=True, max_length=300)),
                ("made_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("asked_at", models.DateTimeField(null=True)),
                ("approved_at", models.DateTimeField(null=True)),
                ("second_look", models.BooleanField(default=False)),
                ("review_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "version",
                "ordering": ("guide", "-number"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "dropped"), _negated=True),
                        fields=("guide", "number"),
                        name="guide_version_numbered_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["draft", "asked"])), fields=("guide",), name="guide_one_draft"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Permission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=24)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("contributor", "Contributor"),
                            ("officer", "Officer"),
                            ("publisher", "Publisher"),
                            ("approver", "Approver"),
                            ("manager", "Manager"),
                            ("records_officer", "Records officer"),
                            ("administrator", "Administrator"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[("yes", "Permitted"), ("sign", "Needs sign-off"), ("no", "Not permitted")],
                        max_length=4,
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ("kind", "role"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("verdict__in", ["yes", "sign", "no"])), name="permission_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PolicyChoices",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("grace_days", models.PositiveSmallIntegerField(default=14)),
                ("public_policy", models.BooleanField(default=False)),
                ("public_voice", models.BooleanField(default=False)),
                ("alone", models.BooleanField(default=False)),
                ("look_minutes", models.PositiveSmallIntegerField(default=20)),
                ("look_hours", models.PositiveSmallIntegerField(default=24)),
                ("contact", models.CharField(blank=True, max_length=200)),
                ("complaints", models.CharField(blank=True, max_length=200)),
                ("emergency_number", models.CharField(blank=True, max_length=40)),
                ("risk_words", models.TextField(blank=True)),
                ("set_up", models.JSONField(blank=True, default=list)),
                ("set_up_ended_at", models.DateTimeField(blank=True, null=True)),
                ("reminded_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "verbose_name_plural": "policy choices",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="policy_choices_is_one_row"),
                ],
            },
        ),
        migrations.AddField(
            model_name="approval",
            name="first_look_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="approval",
            name="second_look_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="acknowledgement",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="guideversion",
            name="approved_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="guideversion",
            name="asked_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="guideversion",
            name="made_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="clause",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="clauses", to="policy.guideversion"
            ),
        ),
        migrations.AddField(
            model_name="acknowledgement",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="acknowledgements", to="policy.guideversion"
            ),
        ),
        migrations.AddField(
            model_name="permission",
            name="by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="permission",
            name="scope",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.scope",
            ),
        ),
        migrations.AddField(
            model_name="permission",
            name="topic",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="policy.topic"
            ),
        ),
        migrations.AddConstraint(
            model_name="guideversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "approved"), _negated=True),
                    models.Q(
                        ("approved_at__isnull", False), ("approved_by__isnull", False), ("review_on__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="guide_approved_by_whom_until_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="guideversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("second_look", False), ("state", "approved"), _negated=True),
                    models.Q(("approved_by", models.F("asked_by")), _negated=True),
                    _connector="OR",
                ),
                name="guide_not_approved_by_author",
            ),
        ),
        migrations.AddConstraint(
            model_name="clause",
            constraint=models.UniqueConstraint(fields=("version", "anchor"), name="clause_anchor_once"),
        ),
        migrations.AddConstraint(
            model_name="acknowledgement",
            constraint=models.UniqueConstraint(fields=("version", "user"), name="acknowledged_once"),
        ),
        migrations.AddConstraint(
            model_name="permission",
            constraint=models.UniqueConstraint(
                fields=("kind", "role", "topic", "scope"), name="permission_once", nulls_distinct=False
            ),
        ),
    ]
