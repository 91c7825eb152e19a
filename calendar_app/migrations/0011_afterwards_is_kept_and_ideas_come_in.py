import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from accounts.appendonly import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("calendar_app", "0010_signatures_have_remarks_and_reminders"),
        ("channels_app", "0005_what_is_next_has_an_index"),
        ("policy", "0010_who_signs_is_the_towns_own_rule"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ContributorCard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("service", models.CharField(blank=True, max_length=120)),
                ("about", models.CharField(blank=True, max_length=300)),
                ("reach", models.CharField(blank=True, max_length=120)),
                ("changed_at", models.DateTimeField()),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contributor_card",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("wrong", models.TextField()),
                ("right", models.TextField()),
                ("reached", models.CharField(max_length=300)),
                ("lesson", models.TextField()),
                (
                    "decision",
                    models.CharField(
                        choices=[("correct", "Corrected visibly"), ("none", "No correction")], max_length=8
                    ),
                ),
                ("why", models.CharField(blank=True, max_length=500)),
                ("original", models.JSONField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="corrections", to="calendar_app.post"
                    ),
                ),
                ("placements", models.ManyToManyField(related_name="corrections", to="calendar_app.placement")),
                (
                    "post",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrects",
                        to="calendar_app.post",
                    ),
                ),
            ],
            options={
                "ordering": ("-at", "-id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decision", "correct"), ("post__isnull", False)),
                            models.Q(("decision", "none"), ("post", None), models.Q(("why", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="correction_is_decided",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("wrong", ""), _negated=True),
                            models.Q(("right", ""), _negated=True),
                            models.Q(("lesson", ""), _negated=True),
                            models.Q(("reached", ""), _negated=True),
                        ),
                        name="correction_is_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Idea",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("sent", "Waits in the drawer"), ("taken_up", "Taken up"), ("declined", "Declined")],
                        default="sent",
                        max_length=8,
                    ),
                ),
                ("words", models.TextField()),
                ("why", models.CharField(blank=True, max_length=300)),
                ("until", models.DateField(blank=True, null=True)),
                ("service", models.CharField(blank=True, max_length=120)),
                ("at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("because", models.CharField(blank=True, max_length=500)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ideas", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "post",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="idea",
                        to="calendar_app.post",
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
                "ordering": ("-at", "-id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["sent", "taken_up", "declined"])), name="idea_state_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "declined"), _negated=True),
                            models.Q(("because", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="idea_declined_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "taken_up"), _negated=True), ("post__isnull", False), _connector="OR"
                        ),
                        name="idea_taken_up_has_post",
                    ),
                ],
                "indexes": [
                    models.Index(condition=models.Q(("state", "sent")), fields=["-at"], name="idea_waiting"),
                ],
            },
        ),
        migrations.CreateModel(
            name="IdeaPicture",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("alt", models.CharField(blank=True, max_length=500)),
                (
                    "people",
                    models.CharField(
                        choices=[
                            ("nobody", "Nobody can be recognised"),
                            ("adults", "Adults who can be recognised"),
                            ("children", "Children who can be recognised"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "consent",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not needed"),
                            ("written", "Yes, in writing"),
                            ("spoken", "Yes, spoken"),
                            ("no", "Not yet asked"),
                        ],
                        max_length=8,
                    ),
                ),
                ("consent_words", models.CharField(blank=True, max_length=300)),
                (
                    "idea",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="pictures", to="calendar_app.idea"
                    ),
                ),
                (
                    "media",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="channels_app.media"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("people", "nobody"), models.Q(("consent", ""), _negated=True), _connector="OR"
                        ),
                        name="idea_picture_says_consent",
                    ),
                    models.UniqueConstraint(fields=("idea", "media"), name="idea_picture_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LinkClaim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("url", models.URLField(max_length=500)),
                ("at", models.DateTimeField()),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("found", models.BooleanField(blank=True, null=True)),
                ("why", models.CharField(blank=True, max_length=300)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="claims", to="channels_app.delivery"
                    ),
                ),
                (
                    "placement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="claims", to="calendar_app.placement"
                    ),
                ),
            ],
            options={
                "ordering": ("-at", "-id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("found", None)), fields=("delivery",), name="link_claim_one_at_a_time"
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="link_claim_due"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Readback",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                ("gone_at", models.DateTimeField(blank=True, null=True)),
                ("text", models.TextField(blank=True)),
                ("pictures", models.JSONField(default=list)),
                ("url", models.URLField(blank=True, max_length=500)),
                ("numbers", models.JSONField(default=dict)),
                ("lost", models.JSONField(default=list)),
                ("why", models.CharField(blank=True, max_length=300)),
                (
                    "workaround",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reply", "It is said in a first comment or reply"),
                            ("text", "The post's text says it already"),
                            ("platform", "It was put right on the platform by hand"),
                            ("again", "It is taken down and published again"),
                            ("correction", "A correction says it"),
                            ("accepted", "It is left as it is, for a reason"),
                        ],
                        max_length=12,
                    ),
                ),
                ("workaround_words", models.CharField(blank=True, max_length=300)),
                ("workaround_at", models.DateTimeField(blank=True, null=True)),
                (
                    "delivery",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="readback", to="channels_app.delivery"
                    ),
                ),
                (
                    "placement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="readbacks",
                        to="calendar_app.placement",
                    ),
                ),
                (
                    "workaround_by",
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
                "indexes": [
                    models.Index(condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="readback_due"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("workaround", ""),
                            models.Q(
                                ("workaround_by__isnull", False), models.Q(("workaround_words", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="readback_workaround_has_a_name",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TakedownDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("wrong", "Something in it is wrong"),
                            ("consent", "Somebody shown or named in it took back their consent"),
                            ("law", "It must not be public by law"),
                            ("twice", "It is there twice, or in the wrong place"),
                            ("over", "It is over and would mislead"),
                            ("other", "Another reason"),
                        ],
                        max_length=8,
                    ),
                ),
                ("reason", models.CharField(max_length=500)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "correction",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="takedowns",
                        to="calendar_app.correction",
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="channels_app.delivery"
                    ),
                ),
                (
                    "placement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="takedowns",
                        to="calendar_app.placement",
                    ),
                ),
            ],
            options={
                "ordering": ("-at", "-id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ground", "wrong"), _negated=True), ("correction__isnull", False), _connector="OR"
                        ),
                        name="takedown_of_a_mistake_has_a_correction_decision",
                    ),
                    models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="takedown_says_why"),
                ],
            },
        ),
        append_only("calendar_app_correction"),
        append_only("calendar_app_takedowndecision"),
    ]
