from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("channels_app", "0023_comments_can_be_withheld"),
    ]

    operations = [
        migrations.AddField(
            model_name="cursor",
            name="told",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="cursor",
            name="walked",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="cursor",
            name="walked_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
