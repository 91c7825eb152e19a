from django.db import migrations

from accounts.appendonly import append_only

# A version that was approved is what people acknowledged and what was published: neither it nor its clauses change.
FREEZE = """
CREATE FUNCTION refuse_changed_guide() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'approved' THEN
    RAISE EXCEPTION 'an approved version is never changed' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER policy_guideversion_stays BEFORE UPDATE OR DELETE ON policy_guideversion
  FOR EACH ROW EXECUTE FUNCTION refuse_changed_guide();
CREATE FUNCTION refuse_changed_clause() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM policy_guideversion v WHERE v.state = 'approved'
              AND v.id IN (CASE WHEN TG_OP = 'INSERT' THEN NEW.version_id ELSE OLD.version_id END,
                           CASE WHEN TG_OP = 'DELETE' THEN OLD.version_id ELSE NEW.version_id END)) THEN
    RAISE EXCEPTION 'clauses of an approved version are never changed' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER policy_clause_stays BEFORE INSERT OR UPDATE OR DELETE ON policy_clause
  FOR EACH ROW EXECUTE FUNCTION refuse_changed_clause();
"""
THAW = """
DROP TRIGGER policy_clause_stays ON policy_clause;
DROP FUNCTION refuse_changed_clause();
DROP TRIGGER policy_guideversion_stays ON policy_guideversion;
DROP FUNCTION refuse_changed_guide();
"""


class Migration(migrations.Migration):
    dependencies = [("policy", "0006_guides_have_versions_and_the_matrix_rows")]
    operations = [append_only("policy_acknowledgement"), migrations.RunSQL(FREEZE, THAW)]
