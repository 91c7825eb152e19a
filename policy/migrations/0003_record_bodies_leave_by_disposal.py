from django.db import migrations

FUNCTION = """
CREATE FUNCTION refuse_unless_disposal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_setting('parley.disposal', true) = OLD.record_id::text THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'bodies of records leave only by disposal' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
TRIGGER = (
    "CREATE TRIGGER policy_recordbody_kept BEFORE UPDATE OR DELETE ON policy_recordbody "
    "FOR EACH ROW EXECUTE FUNCTION refuse_unless_disposal()"
)


class Migration(migrations.Migration):
    dependencies = [
        ("policy", "0002_records_are_append_only"),
    ]
    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION refuse_unless_disposal()"),
        migrations.RunSQL(TRIGGER, "DROP TRIGGER policy_recordbody_kept ON policy_recordbody"),
    ]
