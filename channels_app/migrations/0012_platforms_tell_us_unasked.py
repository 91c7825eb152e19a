from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('channels_app', '0011_more_platforms'),
    ]

    operations = [
        migrations.AddField(
            model_name='channel',
            name='last_hook_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name='WebhookSeen',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('platform', models.CharField(max_length=20)),
                ('sha256', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['at'], name='webhook_seen_old')],
                'constraints': [models.UniqueConstraint(fields=('platform', 'sha256'), name='webhook_seen_once')],
            },
        ),
    ]
