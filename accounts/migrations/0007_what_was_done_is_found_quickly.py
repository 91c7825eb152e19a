import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("accounts", "0006_people_train_leave_and_sign_in_at_home")]
    operations = [
        AddIndexConcurrently(
            model_name="auditentry",
            index=models.Index(fields=["actor", "-id"], name="audit_of_a_person"),
        ),
        AddIndexConcurrently(
            model_name="auditentry",
            index=models.Index(fields=["act", "-id"], name="audit_of_an_act"),
        ),
        AddIndexConcurrently(
            model_name="auditentry",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("subject"), name="gin_trgm_ops"
                ),
                name="audit_words",
            ),
        ),
        AddIndexConcurrently(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("digest", ""), _negated=True),
                fields=["digest", "user"],
                name="notification_to_digest",
            ),
        ),
    ]
