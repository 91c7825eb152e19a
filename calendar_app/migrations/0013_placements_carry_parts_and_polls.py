from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("calendar_app", "0012_campaigns_span_more_than_posts"),
    ]

    operations = [
        migrations.AddField(
            model_name='placement',
            name='basis',
            field=models.TextField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='placement',
            name='parts',
            field=models.JSONField(blank=True, db_default=models.Value([], models.JSONField()), default=list),
        ),
        migrations.AddField(
            model_name='placement',
            name='poll',
            field=models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict),
        ),
    ]
