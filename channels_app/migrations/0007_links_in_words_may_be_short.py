from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("channels_app", "0006_pictures_have_rights_and_links_are_short"),
    ]

    operations = [
        migrations.AddField(
            model_name="linkscheme",
            name="in_text",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
