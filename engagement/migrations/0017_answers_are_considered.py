import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("engagement", "0016_words_are_used_again"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Considered',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('fix', "We'll fix it"), ('no', "Sorry, we can't, because")], max_length=3)),
                ('what', models.CharField(blank=True, max_length=300)),
                ('due_on', models.DateField(blank=True, null=True)),
                ('public', models.BooleanField(default=True)),
                ('reference', models.CharField(blank=True, max_length=40)),
                ('code', models.CharField(blank=True, choices=[('money', 'No money set aside for it'), ('law', 'The law does not allow it'), ('others', 'Another body decides it'), ('decided', 'The council decided otherwise'), ('safety', 'It would not be safe'), ('fair', 'It would not be fair on others'), ('place', 'The place does not allow it'), ('time', 'Not now: other work comes first'), ('other', 'Another reason')], max_length=8)),
                ('reason', models.TextField(blank=True)),
                ('source', models.URLField(blank=True, max_length=500)),
                ('alternative', models.CharField(blank=True, max_length=300)),
                ('next_step', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField()),
                ('opened_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reply', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='considered', to='engagement.reply')),
            ],
            options={
                'indexes': [
                    models.Index(condition=models.Q(('kind', 'no')), fields=['code', '-at'], name='considered_reasons'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('due_on__isnull', False), ('kind', 'fix'), ('owner__isnull', False), models.Q(('what', ''), _negated=True)), models.Q(('kind', 'no'), models.Q(('reason', ''), _negated=True), models.Q(('code', ''), _negated=True)), _connector='OR'), name='considered_is_whole'),
                ],
            },
        ),
    ]
