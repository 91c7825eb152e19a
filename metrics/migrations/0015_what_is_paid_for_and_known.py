
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('calendar_app', '0019_placements_may_have_a_title'),
        ('channels_app', '0020_channels_have_papers'),
        ('metrics', '0014_campaigns_change_what_people_do'),
        ('policy', '0014_sharp_answers_can_be_held'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Paid',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('number', models.PositiveIntegerField(unique=True)),
                ('kind', models.CharField(choices=[('advert', 'Advert'), ('boost', 'A post shown to more people for money'), ('person', 'Somebody is paid to speak or take part'), ('sponsor', 'Sponsored page, film or event'), ('other', 'Something else')], max_length=8)),
                ('title', models.CharField(max_length=120)),
                ('text', models.TextField()),
                ('supplier', models.CharField(max_length=120)),
                ('budget', models.DecimalField(decimal_places=2, max_digits=10)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('disclaimer', models.CharField(blank=True, max_length=200)),
                ('label', models.CharField(blank=True, choices=[('', 'None'), ('political', 'Political'), ('social', 'About a social issue')], max_length=9)),
                ('shown_to', models.CharField(blank=True, max_length=300)),
                ('left_out', models.CharField(blank=True, max_length=300)),
                ('outcome', models.CharField(max_length=60)),
                ('state', models.CharField(choices=[('planned', 'Planned'), ('running', 'Running'), ('ended', 'Ended'), ('dropped', 'Dropped')], default='planned', max_length=7)),
                ('permitted_at', models.DateTimeField(blank=True, null=True)),
                ('permitted_why', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('campaign', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='paid', to='calendar_app.campaign')),
                ('channel', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='paid', to='channels_app.channel')),
                ('objective', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='paid', to='policy.objective')),
                ('permitted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('post', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='paid', to='calendar_app.post')),
            ],
            options={
                'verbose_name': 'paid promotion',
                'verbose_name_plural': 'paid promotion',
                'ordering': ('-starts_on', '-number'),
            },
        ),
        migrations.CreateModel(
            name='PaidEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('what', models.CharField(choices=[('spent', 'Money spent'), ('outcome', 'Results')], max_length=7)),
                ('on', models.DateField()),
                ('value', models.DecimalField(decimal_places=2, max_digits=12)),
                ('source', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('taken_back_at', models.DateTimeField(blank=True, null=True)),
                ('taken_back_why', models.CharField(blank=True, max_length=300)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('paid', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='metrics.paid')),
            ],
            options={
                'verbose_name_plural': 'paid entries',
                'ordering': ('-on', '-pk'),
            },
        ),
        migrations.AddConstraint(
            model_name='paid',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'running', 'ended', 'dropped'])), name='paid_state_known'),
        ),
        migrations.AddConstraint(
            model_name='paid',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'dropped']), models.Q(('disclaimer', ''), _negated=True), _connector='OR'), name='paid_running_says_who_pays'),
        ),
        migrations.AddConstraint(
            model_name='paid',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='paid_ends_after_it_starts'),
        ),
        migrations.AddConstraint(
            model_name='paid',
            constraint=models.CheckConstraint(condition=models.Q(('budget__gte', 0)), name='paid_budget_is_no_less_than_none'),
        ),
        migrations.AddConstraint(
            model_name='paid',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('permitted_at', None), ('permitted_by', None), ('permitted_why', '')), models.Q(('permitted_at__isnull', False), ('permitted_by__isnull', False), models.Q(('permitted_why', ''), _negated=True)), _connector='OR'), name='paid_permission_has_a_name'),
        ),
        migrations.AddIndex(
            model_name='paidentry',
            index=models.Index(condition=models.Q(('taken_back_at', None)), fields=['on'], name='paid_entry_of_days'),
        ),
        migrations.AddConstraint(
            model_name='paidentry',
            constraint=models.CheckConstraint(condition=models.Q(('value__gte', 0), models.Q(('source', ''), _negated=True)), name='paid_entry_has_a_source'),
        ),
        migrations.AddConstraint(
            model_name='paidentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('taken_back_at', None), ('taken_back_why', '')), models.Q(('taken_back_at__isnull', False), models.Q(('taken_back_why', ''), _negated=True)), _connector='OR'), name='paid_entry_taken_back_has_a_reason'),
        ),
        migrations.CreateModel(
            name='AudienceClaim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('size', 'How many they are'), ('networks', 'Where they are online'), ('habits', 'When and how they read'), ('needs', 'What they want to know'), ('languages', 'Languages'), ('access', 'What they need to take part'), ('offline', 'Ways to reach them offline')], max_length=9)),
                ('words', models.CharField(max_length=300)),
                ('source', models.CharField(blank=True, max_length=200)),
                ('dated', models.DateField()),
                ('at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_why', models.CharField(blank=True, max_length=300)),
                ('audience', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='calendar_app.audience')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-dated', '-pk'),
                'indexes': [models.Index(condition=models.Q(('withdrawn_at', None)), fields=['audience'], name='claim_that_holds')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_why', '')), models.Q(('withdrawn_at__isnull', False), models.Q(('withdrawn_why', ''), _negated=True)), _connector='OR'), name='claim_withdrawn_has_a_reason')],
            },
        ),
    ]
