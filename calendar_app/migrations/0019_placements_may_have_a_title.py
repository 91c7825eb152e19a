from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("calendar_app", "0017_comments_close_for_everybody"),
        ("channels_app", "0015_videos_and_their_captions_are_kept"),
    ]

    operations = [
        migrations.AddField(
            model_name="placement",
            name="title",
            field=models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
        migrations.AddField(
            model_name="readback",
            name="video",
            field=models.JSONField(blank=True, default=None, null=True),
        ),
    ]
