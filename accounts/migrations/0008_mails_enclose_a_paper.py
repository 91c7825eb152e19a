from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0007_what_was_done_is_found_quickly"),
    ]

    operations = [
        migrations.AddField(
            model_name="mail",
            name="enclosed",
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name="mail",
            name="enclosed_as",
            field=models.CharField(blank=True, db_default="", default="", max_length=100),
        ),
    ]
