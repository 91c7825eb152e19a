import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("engagement", "0015_replies_say_their_language"),
        ('policy', '0012_incidents_are_logged'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('question', models.CharField(max_length=160)),
                ('text', models.TextField()),
                ('review_on', models.DateField()),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('in_review', 'Waits for approval'), ('approved', 'Approved'), ('retired', 'Put away')], default='draft', max_length=9)),
                ('at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
                ('said_by', models.CharField(blank=True, max_length=300)),
                ('why', models.CharField(blank=True, max_length=300)),
                ('version', models.PositiveIntegerField(default=1)),
                ('approver', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('instead_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='followed_by', to='engagement.answer')),
                ('source', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='engagement.reply')),
                ('topic', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='policy.topic')),
            ],
            options={
                'ordering': ('question', 'id'),
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'in_review', 'approved', 'retired'])), name='answer_state_known'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), models.Q(('approved_at__isnull', False), ('approver__isnull', False)), _connector='OR'), name='answer_approved_by_somebody'),
                ],
                'indexes': [
                    models.Index(condition=models.Q(('state', 'approved')), fields=['review_on'], name='answers_to_review'),
                ],
            },
        ),
        migrations.CreateModel(
            name='SavedReply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(max_length=80)),
                ('text', models.TextField()),
                ('at', models.DateTimeField()),
                ('put_away_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='saved_replies', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'saved replies',
                'ordering': ('name',),
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('put_away_at', None)), fields=('name', 'owner'), name='saved_reply_named_once', nulls_distinct=False),
                ],
            },
        ),
        migrations.CreateModel(
            name='Used',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('answer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='uses', to='engagement.answer')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reply', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='begun_with', to='engagement.reply')),
                ('saved', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='uses', to='engagement.savedreply')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('answer__isnull', False), ('saved', None)), models.Q(('answer', None), ('saved__isnull', False)), _connector='OR'), name='used_is_one_of_both'),
                    models.UniqueConstraint(fields=('reply', 'saved', 'answer'), name='used_once_in_a_reply', nulls_distinct=False),
                ],
            },
        ),
    ]
