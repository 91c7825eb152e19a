import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("engagement", "0029_legal_requests_have_their_day"),
        ("metrics", "0012_papers_are_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Sample",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("first", models.DateField()),
                ("last", models.DateField()),
                ("whole", models.PositiveIntegerField()),
                ("size", models.PositiveIntegerField()),
                ("twice", models.PositiveIntegerField()),
                ("seed", models.CharField(max_length=32)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Being read"), ("done", "Read, and counted"), ("dropped", "Dropped")],
                        default="open",
                        max_length=7,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("-last", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="Drawn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveIntegerField()),
                ("twice", models.BooleanField(default=False)),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="engagement.message"
                    ),
                ),
                (
                    "sample",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="drawn", to="metrics.sample"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "drawn",
                "ordering": ("place",),
            },
        ),
        migrations.CreateModel(
            name="Coding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("turn", models.PositiveSmallIntegerField()),
                (
                    "tone",
                    models.CharField(
                        choices=[
                            ("praise", "Praise"),
                            ("neutral", "Neutral"),
                            ("criticism", "Criticism"),
                            ("unclear", "Cannot be told"),
                        ],
                        max_length=9,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "drawn",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="codings", to="metrics.drawn"
                    ),
                ),
            ],
            options={
                "ordering": ("turn",),
                "indexes": [models.Index(fields=["by", "-at"], name="coding_newest_of_person")],
                "constraints": [
                    models.UniqueConstraint(fields=("drawn", "turn"), name="coding_once_a_turn"),
                    models.UniqueConstraint(fields=("drawn", "by"), name="coding_once_a_person"),
                    models.CheckConstraint(condition=models.Q(("turn__in", [1, 2])), name="coding_first_or_second"),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="sample",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "done", "dropped"])), name="sample_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="sample",
            constraint=models.CheckConstraint(
                condition=models.Q(("last__gte", models.F("first"))), name="sample_ends_after_it_begins"
            ),
        ),
        migrations.AddConstraint(
            model_name="sample",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("size__gte", 1), ("size__lte", models.F("whole")), ("twice__lte", models.F("size"))
                ),
                name="sample_is_part_of_its_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="sample",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("state", "open")),
                    models.Q(models.Q(("state", "open"), _negated=True), ("ended_at__isnull", False)),
                    _connector="OR",
                ),
                name="sample_ended_has_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="drawn",
            constraint=models.UniqueConstraint(fields=("sample", "message"), name="drawn_once"),
        ),
        migrations.AddConstraint(
            model_name="drawn",
            constraint=models.UniqueConstraint(fields=("sample", "place"), name="drawn_in_one_place"),
        ),
    ]
