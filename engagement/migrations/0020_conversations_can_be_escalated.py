from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('engagement', '0008_replies_to_sign_are_found'),
    ]

    operations = [
        migrations.AddField(
            model_name='conversation',
            name='escalated',
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
