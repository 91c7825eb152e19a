import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ENDS = [("keep", "Keep"), ("merge", "Merge"), ("close", "Close")]


class Migration(migrations.Migration):

    dependencies = [
        ("channels_app", "0011_more_platforms"),
        ("metrics", "0002_readings_are_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quarter", models.DateField()),
                ("proposal", models.CharField(choices=ENDS, max_length=5)),
                ("decision", models.CharField(choices=ENDS, max_length=5)),
                ("why", models.CharField(max_length=300)),
                ("numbers", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reviews", to="channels_app.channel"
                    ),
                ),
            ],
            options={
                "ordering": ("-quarter", "channel"),
                "constraints": [
                    models.UniqueConstraint(fields=("channel", "quarter"), name="review_once_a_quarter")
                ],
            },
        ),
    ]
