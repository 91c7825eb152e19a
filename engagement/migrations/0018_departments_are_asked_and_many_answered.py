import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("engagement", "0017_answers_are_considered"),
        ('accounts', '0007_what_was_done_is_found_quickly'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CaseReference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=24, unique=True)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('conversation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='reference', to='engagement.conversation')),
            ],
        ),
        migrations.CreateModel(
            name='Handed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('question', models.TextField()),
                ('due_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('asked', 'Asked'), ('answered', 'Answered'), ('done', 'Done'), ('taken_back', 'Taken back')], default='asked', max_length=10)),
                ('asked_at', models.DateTimeField()),
                ('answer', models.TextField(blank=True)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('nagged_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('about', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='engagement.message')),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('back_to', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handed', to='engagement.conversation')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.scope')),
            ],
            options={
                'verbose_name_plural': 'handed on',
                'ordering': ('due_at', 'id'),
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'answered', 'done', 'taken_back'])), name='handed_state_known'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['answered', 'done']), _negated=True), models.Q(('answer', ''), _negated=True), _connector='OR'), name='handed_answered_says_something'),
                    models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('conversation', 'department'), name='handed_one_open_question'),
                ],
                'indexes': [
                    models.Index(condition=models.Q(('state', 'asked')), fields=['due_at'], name='handed_waiting'),
                    models.Index(fields=['department', 'state', 'due_at'], name='handed_of_department'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Together',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('named', models.BooleanField(null=True)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answered_with', to='engagement.conversation')),
                ('reply', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='together', to='engagement.reply')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('reply', 'conversation'), name='together_once'),
                ],
            },
        ),
    ]
