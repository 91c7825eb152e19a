from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("channels_app", "0021_mentions_can_stay_unheard")]

    operations = [
        migrations.AlterField(
            model_name="delivery",
            name="kind",
            field=models.CharField(
                choices=[
                    ("post", "Post"),
                    ("reply", "Reply"),
                    ("hide", "Hide"),
                    ("unhide", "Unhide"),
                    ("like", "Like"),
                    ("unlike", "Taking a like back"),
                    ("delete", "Delete"),
                ],
                max_length=8,
            ),
        ),
    ]
