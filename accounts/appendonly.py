"""Tables whose rows are only ever added: the database refuses UPDATE, DELETE and TRUNCATE, whoever asks."""

from __future__ import annotations

from django.db.migrations import RunSQL

FUNCTION = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def the_function() -> RunSQL:
    """The migration step that makes the trigger function all append-only tables share."""
    return RunSQL(FUNCTION, "DROP FUNCTION refuse_change()")


def append_only(table: str) -> RunSQL:
    """The migration step that makes one table append-only."""
    return RunSQL(
        [
            f"CREATE TRIGGER {table}_only_added BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
            f"CREATE TRIGGER {table}_not_truncated BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
        ],
        [f"DROP TRIGGER {table}_only_added ON {table}", f"DROP TRIGGER {table}_not_truncated ON {table}"],
    )
