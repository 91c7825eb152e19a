from __future__ import annotations

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

YES_NO = [("yes", "Yes"), ("no", "No")]


class Migration(migrations.Migration):
    dependencies = [
        ("channels_app", "0012_platforms_tell_us_unasked"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="media",
            name="kind",
            field=models.CharField(
                choices=[("picture", "Picture"), ("video", "Video")],
                db_default="picture",
                default="picture",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="media",
            name="seconds",
            field=models.FloatField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="media",
            name="transcript",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AddField(
            model_name="media",
            name="described",
            field=models.CharField(blank=True, choices=YES_NO, db_default="", default="", max_length=3),
        ),
        migrations.AddField(
            model_name="media",
            name="flashes",
            field=models.CharField(blank=True, choices=YES_NO, db_default="", default="", max_length=3),
        ),
        migrations.AddField(
            model_name="media",
            name="burned",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="media",
            name="watch_at",
            field=models.URLField(blank=True, db_default="", default="", max_length=500),
        ),
        migrations.CreateModel(
            name="Captions",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("text", models.TextField()),
                ("language", models.CharField(max_length=12)),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "media",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="captions", to="channels_app.media"
                    ),
                ),
                (
                    "read_by",
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
                "verbose_name_plural": "captions",
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("read_at", None), ("read_by", None)),
                            models.Q(("read_at__isnull", False), ("read_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="captions_reading_is_whole",
                    )
                ],
            },
        ),
    ]
