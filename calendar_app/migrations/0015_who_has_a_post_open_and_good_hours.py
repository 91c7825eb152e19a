import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("calendar_app", "0014_posts_carry_quotes_and_consents"),
        ("channels_app", "0005_what_is_next_has_an_index"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='GoodHour',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekday', models.PositiveSmallIntegerField()),
                ('hour', models.PositiveSmallIntegerField()),
                ('rate', models.FloatField()),
                ('posts', models.PositiveIntegerField()),
                ('measured_at', models.DateTimeField()),
                ('channel', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='good_hours', to='channels_app.channel')),
            ],
            options={
                'ordering': ('channel', '-rate'),
                'constraints': [models.UniqueConstraint(fields=('channel', 'weekday', 'hour'), name='good_hour_once'), models.CheckConstraint(condition=models.Q(('weekday__lt', 7), ('hour__lt', 24), ('posts__gt', 0)), name='good_hour_is_of_a_week')],
            },
        ),
        migrations.CreateModel(
            name='Presence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen_at', models.DateTimeField()),
                ('typed_at', models.DateTimeField(blank=True, null=True)),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='present', to='calendar_app.post')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('post', 'user'), name='presence_once')],
            },
        ),
    ]
