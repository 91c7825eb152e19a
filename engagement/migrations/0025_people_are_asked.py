import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('channels_app', '0006_pictures_have_rights_and_links_are_short'),
        ("engagement", "0024_watches_listen_for_topics"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='InputCall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('question', models.CharField(max_length=300)),
                ('decision', models.CharField(blank=True, max_length=300)),
                ('level', models.CharField(choices=[('inform', 'Inform: we tell you what is planned'), ('consult', 'Consult: we listen, and say how it counted'), ('involve', 'Involve: we work with you on what matters to you'), ('collaborate', 'Collaborate: we make the plan together'), ('empower', 'Empower: you decide, we carry it out')], default='consult', max_length=12)),
                ('decider', models.CharField(blank=True, max_length=200)),
                ('returns', models.CharField(blank=True, max_length=300)),
                ('opens_on', models.DateField(blank=True, null=True)),
                ('closes_on', models.DateField(blank=True, null=True)),
                ('heard_on', models.DateField(blank=True, null=True)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('open', 'Open'), ('closed', 'Closed'), ('dropped', 'Dropped')], default='draft', max_length=8)),
                ('made_at', models.DateTimeField()),
                ('opened_at', models.DateTimeField(blank=True, null=True)),
                ('heard_words', models.TextField(blank=True)),
                ('heard_url', models.URLField(blank=True, max_length=500)),
                ('told_at', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-made_at', '-id'),
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['open', 'closed']), _negated=True), models.Q(models.Q(('decider', ''), _negated=True), models.Q(('decision', ''), _negated=True), models.Q(('returns', ''), _negated=True), ('closes_on__isnull', False), ('heard_on__isnull', False), ('heard_on__gte', models.F('closes_on'))), _connector='OR'), name='call_open_has_decider_and_days'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'closed'), _negated=True), models.Q(('closed_at__isnull', False), ('told_at__isnull', False)), _connector='OR'), name='call_closed_was_told'),
                ],
            },
        ),
        migrations.CreateModel(
            name='KickStarter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('remote_id', models.CharField(max_length=120)),
                ('words', models.TextField(blank=True)),
                ('url', models.URLField(blank=True, max_length=500)),
                ('shape', models.CharField(choices=[('scale', 'Scale of 1 to 10'), ('yes_no', 'Yes or no'), ('do_dont', 'Do or don’t'), ('open', 'Open question')], max_length=8)),
                ('question', models.CharField(max_length=300)),
                ('posted_at', models.DateTimeField()),
                ('closes_at', models.DateTimeField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('call', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='kickstarters', to='engagement.inputcall')),
                ('channel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='kickstarters', to='channels_app.channel')),
            ],
            options={
                'verbose_name': 'kick-starter',
                'ordering': ('-at', '-id'),
                'constraints': [
                    models.UniqueConstraint(fields=('channel', 'remote_id'), name='kickstarter_once_per_post'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Returned',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='returned', to='engagement.inputcall')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='engagement.person')),
                ('reply', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='engagement.reply')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('call', 'person'), name='returned_once_per_person'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Ruling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.CharField(max_length=8)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('kickstarter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rulings', to='engagement.kickstarter')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='engagement.message')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('kickstarter', 'message'), name='ruling_once_per_reply'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Suggestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('state', models.CharField(choices=[('new', 'New'), ('considered', 'Being considered'), ('taken_up', 'Taken up'), ('done', 'Done'), ('declined', 'Not now')], default='new', max_length=10)),
                ('words', models.CharField(blank=True, max_length=500)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('message', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='suggestion', to='engagement.message')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='suggestions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'idea',
                'ordering': ('-at', '-id'),
            },
        ),
        migrations.CreateModel(
            name='Theme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('outcome', models.CharField(blank=True, choices=[('did', 'We did it'), ('cant', 'We can’t, because'), ('considering', 'We are considering it')], max_length=12)),
                ('words', models.CharField(blank=True, max_length=500)),
                ('at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='themes', to='engagement.inputcall')),
            ],
            options={
                'ordering': ('id',),
                'constraints': [
                    models.UniqueConstraint(fields=('call', 'name'), name='theme_once_per_call'),
                    models.CheckConstraint(condition=models.Q(('outcome', ''), models.Q(('words', ''), _negated=True), _connector='OR'), name='theme_outcome_has_words'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Grouping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='engagement.message')),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='groupings', to='engagement.inputcall')),
                ('theme', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='groupings', to='engagement.theme')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('call', 'message'), name='grouping_once_per_reply'),
                ],
            },
        ),
    ]
