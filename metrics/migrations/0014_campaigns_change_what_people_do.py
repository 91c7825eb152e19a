
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('calendar_app', '0019_placements_may_have_a_title'),
        ('metrics', '0013_samples_are_read_by_people'),
        ('policy', '0014_sharp_answers_can_be_held'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BehaviourGoal',
            fields=[
                ('campaign', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='behaviour', serialize=False, to='calendar_app.campaign')),
                ('behaviour', models.CharField(max_length=240)),
                ('wanted', models.CharField(choices=[('more', 'More'), ('fewer', 'Fewer')], max_length=5)),
                ('counted', models.CharField(blank=True, max_length=120)),
                ('compared', models.CharField(blank=True, max_length=120)),
                ('target', models.FloatField()),
                ('before_first', models.DateField()),
                ('before_last', models.DateField()),
                ('after_first', models.DateField()),
                ('after_last', models.DateField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('compared_topic', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='policy.topic')),
                ('topic', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='policy.topic')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('counted', ''), ('topic__isnull', False)), models.Q(models.Q(('counted', ''), _negated=True), ('topic', None)), _connector='OR'), name='behaviour_is_counted_in_one_way'), models.CheckConstraint(condition=models.Q(('compared', ''), ('compared_topic', None), _connector='OR'), name='behaviour_is_compared_in_one_way'), models.CheckConstraint(condition=models.Q(('after_first__gt', models.F('before_last')), ('after_last__gte', models.F('after_first')), ('before_last__gte', models.F('before_first'))), name='behaviour_after_follows_before')],
            },
        ),
        migrations.CreateModel(
            name='Recall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('question', models.CharField(max_length=200)),
                ('on', models.DateField()),
                ('asked', models.PositiveIntegerField()),
                ('knew', models.PositiveIntegerField()),
                ('how', models.CharField(max_length=120)),
                ('source', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('taken_back_at', models.DateTimeField(blank=True, null=True)),
                ('taken_back_why', models.CharField(blank=True, max_length=300)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recalls', to='calendar_app.campaign')),
            ],
            options={
                'ordering': ('-on', '-pk'),
                'indexes': [models.Index(condition=models.Q(('taken_back_at', None)), fields=['on'], name='recall_of_days')],
                'constraints': [models.CheckConstraint(condition=models.Q(('asked__gte', 1), ('knew__lte', models.F('asked'))), name='recall_is_a_part_of_those_asked'), models.CheckConstraint(condition=models.Q(models.Q(('taken_back_at', None), ('taken_back_why', '')), models.Q(('taken_back_at__isnull', False), models.Q(('taken_back_why', ''), _negated=True)), _connector='OR'), name='recall_taken_back_has_a_reason')],
            },
        ),
    ]
