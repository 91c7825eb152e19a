"""How gunicorn serves the desk, behind the proxy and in the trial."""

from __future__ import annotations

from config.memory import keep_loaded

bind = "0.0.0.0:8000"  # noqa: S104  the container's own network; nothing is published but the proxy
worker_class = "gthread"
workers = 2
threads = 8
preload_app = True
graceful_timeout = 5
keepalive = 150  # longer than the proxy keeps a connection: else one is closed just as a request goes out on it
worker_tmp_dir = "/dev/shm"  # noqa: S108  gunicorn's heartbeat file, in memory because the root is read-only
control_socket_disable = True
accesslog = "-"
access_log_format = '%(t)s "%(m)s %(U)s" %(s)s %(b)s %(D)sus'


def pre_fork(server: object, worker: object) -> None:
    """By now everything is loaded."""
    keep_loaded()
