import accounts.models.town
import django.db.models.deletion
import django.db.models.functions.text
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True)),
                ('actor_words', models.CharField(max_length=160)),
                ('act', models.CharField(max_length=60)),
                ('kind', models.CharField(max_length=40)),
                ('ref', models.CharField(max_length=80)),
                ('subject', models.CharField(max_length=200)),
                ('data', models.JSONField(default=dict)),
            ],
            options={
                'ordering': ('-id',),
                'indexes': [
                    models.Index(fields=['kind', 'ref', '-at'], name='audit_history_of'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Scope',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('channel', 'Channel'), ('department', 'Department')], max_length=10)),
                ('name', models.CharField(max_length=120)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ('kind', 'name'),
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('email', models.EmailField(max_length=254, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('initials', models.CharField(blank=True, max_length=4)),
                ('theme', models.CharField(choices=[('system', 'As the device'), ('light', 'Light'), ('dark', 'Dark')], default='system', max_length=6)),
                ('shortcuts', models.BooleanField(default=True)),
                ('is_active', models.BooleanField(default=True)),
                ('joined_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ('name', 'email'),
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='user_email_any_case')],
            },
        ),
        migrations.CreateModel(
            name='AuditSeal',
            fields=[
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='seal', serialize=False, to='accounts.auditentry')),
                ('seq', models.BigIntegerField(unique=True)),
                ('prev', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64)),
            ],
        ),
        migrations.AddField(
            model_name='auditentry',
            name='actor',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.CreateModel(
            name='Mail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('to', models.EmailField(max_length=254)),
                ('kind', models.CharField(choices=[('notification', 'Notification'), ('invitation', 'Invitation'), ('account', 'About the account'), ('test', 'Test')], max_length=12)),
                ('subject', models.CharField(max_length=200)),
                ('sealed', models.TextField(blank=True)),
                ('state', models.CharField(choices=[('due', 'To be sent'), ('sent', 'Sent'), ('failed', 'Could not be sent')], default='due', max_length=8)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('next_at', models.DateTimeField()),
                ('why', models.CharField(blank=True, max_length=300)),
                ('created_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='mails', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-created_at', '-id'),
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('state__in', ['due', 'sent', 'failed'])), name='mail_state_known'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'sent'), _negated=True), models.Q(('sealed', ''), ('sent_at__isnull', False)), _connector='OR'), name='mail_sent_is_empty'),
                ],
                'indexes': [
                    models.Index(condition=models.Q(('state', 'due')), fields=['next_at'], name='mail_due'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Notification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('event', models.CharField(max_length=40)),
                ('words', models.CharField(max_length=300)),
                ('url', models.CharField(blank=True, max_length=300)),
                ('once', models.CharField(blank=True, max_length=120)),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-at', '-id'),
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('once', ''), _negated=True), fields=('user', 'once'), name='notification_once'),
                ],
                'indexes': [
                    models.Index(fields=['user', '-at'], name='notification_of_user'),
                    models.Index(condition=models.Q(('read_at', None)), fields=['user'], name='notification_unread'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('email', models.EmailField(max_length=254)),
                ('name', models.CharField(blank=True, max_length=120)),
                ('role', models.CharField(choices=[('contributor', 'Contributor'), ('officer', 'Officer'), ('publisher', 'Publisher'), ('approver', 'Approver'), ('manager', 'Manager'), ('records_officer', 'Records officer'), ('administrator', 'Administrator')], max_length=20)),
                ('secret_hash', models.CharField(max_length=64)),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to=settings.AUTH_USER_MODEL)),
                ('scope', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='accounts.scope')),
            ],
        ),
        migrations.CreateModel(
            name='Grant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('contributor', 'Contributor'), ('officer', 'Officer'), ('publisher', 'Publisher'), ('approver', 'Approver'), ('manager', 'Manager'), ('records_officer', 'Records officer'), ('administrator', 'Administrator')], max_length=20)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to=settings.AUTH_USER_MODEL)),
                ('scope', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='accounts.scope')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('ends_at', None)), fields=('user', 'role', 'scope'), name='grant_once', nulls_distinct=False),
                    models.CheckConstraint(condition=models.Q(('ends_at', None), ('ends_at__gte', models.F('starts_at')), _connector='OR'), name='grant_ends_after'),
                    models.CheckConstraint(condition=models.Q(('role__in', ['contributor', 'officer', 'publisher', 'approver', 'manager', 'records_officer', 'administrator'])), name='grant_role_known'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Town',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('zone', models.CharField(default='Europe/London', max_length=64)),
                ('locale', models.CharField(default='en-gb', max_length=12)),
                ('population', models.PositiveIntegerField(blank=True, null=True)),
                ('pack', models.CharField(default='none', max_length=40)),
                ('hours', models.JSONField(default=accounts.models.town.office_hours)),
                ('public_url', models.URLField(blank=True)),
                ('media_host', models.URLField(blank=True)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='town_is_one_row')],
            },
        ),
    ]
