import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("channels_app", "0018_channels_are_looked_after"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Price",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("platform", models.CharField(max_length=20)),
                ("what", models.CharField(max_length=20)),
                ("amount", models.DecimalField(decimal_places=5, max_digits=10)),
                ("currency", models.CharField(default="USD", max_length=3)),
                ("good_from", models.DateField()),
                ("source", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("platform", "what", "-good_from"),
                "constraints": [
                    models.UniqueConstraint(fields=("platform", "what", "good_from"), name="price_once_a_day"),
                    models.CheckConstraint(condition=models.Q(("amount__gte", 0)), name="price_not_negative"),
                ],
            },
        ),
    ]
