
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('policy', '0012_incidents_are_logged'),
    ]

    operations = [
        migrations.AddField(
            model_name='policychoices',
            name='private_references',
            field=models.BooleanField(db_default=True, default=True),
        ),
    ]
