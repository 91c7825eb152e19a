from django.db import migrations

from accounts.appendonly import append_only

# An exercise is written down only for practice channels, whoever asks: no real network ever hears of it.
STAY = """
CREATE FUNCTION refuse_real_exercise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM calendar_app_emergencymessage m
               JOIN channels_app_delivery d ON d.id = NEW.delivery_id
               JOIN channels_app_channel c ON c.id = d.channel_id
              WHERE m.id = NEW.message_id AND m.exercise AND NOT c.practice) THEN
    RAISE EXCEPTION 'an exercise goes to practice channels only' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER calendar_app_emergencycopy_stays BEFORE INSERT OR UPDATE ON calendar_app_emergencycopy
  FOR EACH ROW EXECUTE FUNCTION refuse_real_exercise();
CREATE FUNCTION refuse_exercise_made_real() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.exercise AND NOT NEW.exercise THEN
    RAISE EXCEPTION 'an exercise stays one' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER calendar_app_emergencymessage_stays BEFORE UPDATE ON calendar_app_emergencymessage
  FOR EACH ROW EXECUTE FUNCTION refuse_exercise_made_real();
"""
GO = """
DROP TRIGGER calendar_app_emergencymessage_stays ON calendar_app_emergencymessage;
DROP FUNCTION refuse_exercise_made_real();
DROP TRIGGER calendar_app_emergencycopy_stays ON calendar_app_emergencycopy;
DROP FUNCTION refuse_real_exercise();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("calendar_app", "0005_emergencies_freeze_and_speak"),
        ("accounts", "0002_audit_is_append_only"),
    ]
    operations = [migrations.RunSQL(STAY, GO), append_only("policy_packreview")]
