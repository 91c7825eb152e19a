from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("channels_app", "0008_links_in_words_may_be_short"),
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
