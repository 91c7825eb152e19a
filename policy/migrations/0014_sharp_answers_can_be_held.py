from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("policy", "0013_references_stay_private"),
    ]

    operations = [
        migrations.AddField(
            model_name="policychoices",
            name="cool_minutes",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
    ]
