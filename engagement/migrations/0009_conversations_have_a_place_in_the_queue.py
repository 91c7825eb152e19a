import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("engagement", "0008_replies_to_sign_are_found")]

    operations = [
        migrations.AddField(
            model_name="conversation",
            name="priority",
            field=models.PositiveSmallIntegerField(
                choices=[(0, "Low"), (10, "Normal"), (20, "High"), (30, "Urgent")], db_default=10, default=10
            ),
        ),
        migrations.AddField(
            model_name="conversation",
            name="language",
            field=models.CharField(blank=True, db_default="", default="", max_length=12),
        ),
        migrations.AddField(
            model_name="conversation", name="escalated", field=models.BooleanField(db_default=False, default=False)
        ),
        migrations.AddField(
            model_name="conversation", name="snoozed_until", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField(
            model_name="conversation",
            name="snooze_reason",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddField(
            model_name="conversation",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="engagement.conversation",
            ),
        ),
    ]
