"""What a container's health check runs: `python -m config.probe web | worker QUEUE | publisher | beat | backup`.

Exit status 0 when healthy. Being healthy is a fresh sign of finished work, not a running process. It loads neither
Django nor the desk, so that asking often costs little.
"""

from __future__ import annotations

import http.client
import socket
import sys
from contextlib import closing

import psycopg2
from celery import Celery

from config import env

OLDEST_BEAT = {"publisher": 120, "beat": 300}  # seconds
OLDEST_BACKUP = 7200  # seconds


def web() -> bool:
    """Ready to serve a page, asked as the proxy would."""
    connection = http.client.HTTPConnection("127.0.0.1", 8000, timeout=5)
    with closing(connection):
        connection.request("GET", "/health/ready", headers={"Host": env.words("ALLOWED_HOSTS")[0]})
        return connection.getresponse().status == 200


def worker(queue: str) -> bool:
    """The worker of this container answers over the broker."""
    broker = env.text("REDIS_URL").replace("unix://", "redis+socket://")
    with Celery(broker=broker) as app:
        return bool(app.control.ping(destination=[f"{queue}@{socket.gethostname()}"], timeout=5))


def heartbeat(role: str) -> bool:
    """The role has finished a cycle lately, by the database's clock."""
    sql = "SELECT extract(epoch FROM clock_timestamp() - at) FROM channels_app_heartbeat WHERE role = %s"
    return fresh(OLDEST_BEAT[role], sql, role)


def backup() -> bool:
    """There is a good backup, and not much has come since."""
    sql = "SELECT extract(epoch FROM clock_timestamp() - max(started_at)) FROM accounts_backuprun WHERE ok"
    return fresh(OLDEST_BACKUP, sql)


def fresh(oldest: float, sql: str, *values: str) -> bool:
    with closing(psycopg2.connect(env.text("DATABASE_URL"), connect_timeout=5)) as connection:
        cursor = connection.cursor()
        cursor.execute(sql, values)
        row = cursor.fetchone()
    return row is not None and row[0] is not None and float(row[0]) < oldest


def main(words: list[str]) -> int:
    match words:
        case ["web"]:
            healthy = web()
        case ["worker", queue]:
            healthy = worker(queue)
        case ["backup"]:
            healthy = backup()
        case [role] if role in OLDEST_BEAT:
            healthy = heartbeat(role)
        case _:
            sys.stderr.write(__doc__ or "")
            return 2
    return 0 if healthy else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
