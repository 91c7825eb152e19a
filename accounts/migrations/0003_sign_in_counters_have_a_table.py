from django.db import migrations

TABLE = """
CREATE TABLE cache_rows (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL)
"""


class Migration(migrations.Migration):
    """The database cache: throttling of sign-ins counts here, so that it survives a lost broker."""

    dependencies = [
        ("accounts", "0002_audit_is_append_only"),
    ]
    operations = [
        migrations.RunSQL(
            [TABLE, "CREATE INDEX cache_rows_expires ON cache_rows (expires)"],
            ["DROP TABLE cache_rows"],
        ),
    ]
