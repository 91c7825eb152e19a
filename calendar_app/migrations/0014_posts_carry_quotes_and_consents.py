from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("calendar_app", "0013_placements_carry_parts_and_polls"),
    ]

    operations = [
        migrations.AddField(
            model_name='post',
            name='call',
            field=models.CharField(blank=True, choices=[('answer', 'Answer the question'), ('ideas', 'Send ideas'), ('share', 'Pass it on to somebody'), ('read', 'Read more under the link'), ('sign_up', 'Sign up'), ('come', 'Come along'), ('report', 'Report something'), ('change', 'Do something differently')], db_default='', max_length=12),
        ),
        migrations.AddField(
            model_name='post',
            name='consent',
            field=models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict),
        ),
        migrations.AddField(
            model_name='post',
            name='quote',
            field=models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict),
        ),
    ]
