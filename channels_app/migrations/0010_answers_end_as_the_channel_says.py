from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("channels_app", "0009_profiles_are_looked_at"),
    ]

    operations = [
        migrations.AddField(
            model_name="channel",
            name="sign_off",
            field=models.CharField(
                blank=True,
                choices=[
                    ("initials", "The writer's initials"),
                    ("first_name", "The writer's first name"),
                    ("never", "Nothing"),
                ],
                db_default="",
                default="",
                max_length=10,
            ),
        ),
    ]
