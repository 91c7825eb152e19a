import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("calendar_app", "0015_who_has_a_post_open_and_good_hours"),
        ("channels_app", "0006_pictures_have_rights_and_links_are_short"),
    ]

    operations = [
        migrations.CreateModel(
            name="HoursLook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("posts", models.PositiveIntegerField()),
                ("needed", models.PositiveIntegerField()),
                ("measured_at", models.DateTimeField()),
                (
                    "channel",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hours_look",
                        to="channels_app.channel",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MixLimits",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("about_us_share", models.PositiveSmallIntegerField(default=30)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="mix_limits_is_one_row"),
                    models.CheckConstraint(
                        condition=models.Q(("about_us_share__lte", 100)), name="mix_limits_are_shares"
                    ),
                ],
            },
        ),
    ]
