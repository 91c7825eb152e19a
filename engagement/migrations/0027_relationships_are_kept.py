import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("engagement", "0026_replies_under_a_post_are_found"),
        ('policy', '0012_incidents_are_logged'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='OutreachPlace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(max_length=160)),
                ('url', models.URLField(max_length=500)),
                ('house_rules', models.TextField(blank=True)),
                ('disclosure', models.CharField(max_length=200)),
                ('active', models.BooleanField(default=True)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('may_post', models.ManyToManyField(blank=True, related_name='outreach_places', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('name', 'id'),
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('disclosure', ''), _negated=True), name='place_has_disclosure'),
                ],
            },
        ),
        migrations.CreateModel(
            name='OutreachPost',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField()),
                ('url', models.URLField(max_length=500)),
                ('on', models.DateField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='engagement.outreachplace')),
            ],
            options={
                'ordering': ('-on', '-id'),
            },
        ),
        migrations.CreateModel(
            name='PeopleChoices',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('own_page_only', models.BooleanField(default=False)),
                ('weekly_goal', models.PositiveSmallIntegerField(default=1)),
                ('community_name', models.CharField(blank=True, max_length=80)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='people_choices_is_one_row')],
            },
        ),
        migrations.CreateModel(
            name='Relationship',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('organisation', 'Organisation'), ('group', 'Group'), ('role', 'Public role'), ('person', 'Private individual')], max_length=12)),
                ('name', models.CharField(max_length=160)),
                ('about', models.CharField(blank=True, max_length=300)),
                ('language', models.CharField(blank=True, max_length=40)),
                ('basis', models.CharField(blank=True, max_length=300)),
                ('reach', models.PositiveIntegerField(blank=True, null=True)),
                ('reach_source', models.CharField(blank=True, max_length=200)),
                ('quiet_days', models.PositiveSmallIntegerField(default=90)),
                ('snoozed_until', models.DateField(blank=True, null=True)),
                ('snooze_reason', models.CharField(blank=True, max_length=200)),
                ('follow_up_on', models.DateField(blank=True, null=True)),
                ('follow_up_words', models.CharField(blank=True, max_length=200)),
                ('active', models.BooleanField(default=True)),
                ('at', models.DateTimeField()),
                ('version', models.PositiveIntegerField(default=1)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='relationships', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('name', 'id'),
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('kind', 'person'), _negated=True), models.Q(('basis', ''), _negated=True), _connector='OR'), name='relationship_person_has_basis'),
                    models.CheckConstraint(condition=models.Q(('kind__in', ['organisation', 'group']), ('reach', None), _connector='OR'), name='relationship_reach_of_groups'),
                    models.CheckConstraint(condition=models.Q(('snoozed_until', None), models.Q(('snooze_reason', ''), _negated=True), _connector='OR'), name='relationship_snooze_has_reason'),
                ],
                'indexes': [
                    models.Index(condition=models.Q(('active', True)), fields=['follow_up_on'], name='relationship_follow_up'),
                ],
            },
        ),
        migrations.AddField(
            model_name='outreachplace',
            name='relationship',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='outreach_places', to='engagement.relationship'),
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('met', 'Met'), ('called', 'Spoke by phone'), ('wrote', 'Wrote to each other'), ('event', 'Did something together'), ('outreach', 'Took part at theirs'), ('note', 'Note only')], max_length=8)),
                ('words', models.CharField(max_length=500)),
                ('on', models.DateField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('relationship', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='engagement.relationship')),
            ],
            options={
                'ordering': ('-on', '-id'),
                'indexes': [
                    models.Index(fields=['relationship', '-on'], name='contact_newest'),
                ],
            },
        ),
        migrations.CreateModel(
            name='RelationshipHandle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('platform', models.CharField(max_length=20)),
                ('handle', models.CharField(max_length=120)),
                ('to_follow', models.BooleanField(default=False)),
                ('followed_on', models.DateField(blank=True, null=True)),
                ('back_on', models.DateField(blank=True, null=True)),
                ('noted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('relationship', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='handles', to='engagement.relationship')),
            ],
            options={
                'ordering': ('platform', 'handle'),
                'constraints': [
                    models.UniqueConstraint(fields=('platform', 'handle'), name='relationship_handle_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Stake',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('openness', models.PositiveSmallIntegerField(choices=[(1, '1: closed'), (2, '2: wary'), (3, '3: neutral'), (4, '4: open'), (5, '5: asked us to work together')])),
                ('evidence', models.CharField(max_length=300)),
                ('link', models.URLField(blank=True, max_length=500)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('objective', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stakes', to='policy.objective')),
                ('relationship', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stakes', to='engagement.relationship')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('relationship', 'objective'), name='stake_once'),
                    models.CheckConstraint(condition=models.Q(('openness__gte', 1), ('openness__lte', 5)), name='stake_openness_to_five'),
                    models.CheckConstraint(condition=models.Q(('evidence', ''), _negated=True), name='stake_has_evidence'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Supporter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('ambassador', 'Ambassador'), ('thanks', 'Thanks list')], max_length=10)),
                ('name', models.CharField(blank=True, max_length=120)),
                ('why', models.CharField(max_length=200)),
                ('consent', models.CharField(max_length=200)),
                ('consent_on', models.DateField()),
                ('thanked_on', models.DateField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('still_in', models.JSONField(default=list)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('relationship', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='supporters', to='engagement.relationship')),
            ],
            options={
                'ordering': ('name', 'id'),
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('consent', ''), _negated=True), name='supporter_has_consent'),
                    models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), models.Q(('name', ''), _negated=True)), models.Q(('name', ''), ('withdrawn_at__isnull', False)), _connector='OR'), name='supporter_named_while_agreed'),
                ],
            },
        ),
        migrations.CreateModel(
            name='TimeEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('activity', models.CharField(choices=[('helpful', 'Being helpful'), ('broadcasting', 'Broadcasting'), ('solving', 'Solving problems'), ('complaints', 'Handling complaints'), ('behaviour', 'Changing behaviour')], max_length=12)),
                ('minutes', models.PositiveSmallIntegerField()),
                ('on', models.DateField()),
                ('words', models.CharField(blank=True, max_length=200)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='time_entries', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'time entries',
                'ordering': ('-on', '-id'),
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('minutes__gte', 1), ('minutes__lte', 1440)), name='time_entry_within_a_day'),
                ],
                'indexes': [
                    models.Index(fields=['on'], name='time_entry_by_day'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ObjectiveWeight',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weight', models.PositiveSmallIntegerField(default=1)),
                ('objective', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='stake_weight', to='policy.objective')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('weight__lte', 10)), name='weight_to_ten')],
            },
        ),
    ]
