"""How Celery runs here. Every choice guards against a fault: see `tests/units/test_celery_settings.py`."""

from __future__ import annotations

from django.conf import settings
from kombu import Queue

TRANSPORT = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 2,
    "socket_connect_timeout": 1,
    "max_retries": 1,
}
SILENCE = settings.WORKER_SILENCE  # seconds; longer than the longest task


def tick(task: str, seconds: float, queue: str) -> dict[str, object]:
    """A tick that expires when the next one comes, so that ticks never pile up."""
    return {"task": task, "schedule": seconds, "options": {"expires": seconds, "queue": queue}}


broker_url = settings.REDIS_URL.replace("unix://", "redis+socket://")
broker_transport_options = TRANSPORT
visibility_timeout = 300
broker_connection_retry_on_startup = True
task_publish_retry_policy = {"max_retries": 1, "interval_start": 0.1}
task_serializer = "json"
accept_content = ["json"]
task_ignore_result = True
task_time_limit = 120
task_soft_time_limit = 90
task_acks_late = True
task_reject_on_worker_lost = True
worker_prefetch_multiplier = 1
worker_disable_prefetch = True
worker_max_tasks_per_child = 500
worker_soft_shutdown_timeout = 30
worker_hijack_root_logger = False
task_queues = [Queue(name) for name in ("publish", "poll", "media", "metrics", "mail")]
task_default_queue = "poll"
timezone = "UTC"
task_routes = {
    "channels_app.tasks.send_due": {"queue": "publish"},
    "channels_app.tasks.test_connections": {"queue": "poll"},
    "channels_app.tasks.renew_keys": {"queue": "poll"},
    "channels_app.tasks.look_after_channels": {"queue": "poll"},
    "channels_app.tasks.inspect_media": {"queue": "media"},
    "engagement.tasks.poll_due": {"queue": "poll"},
    "engagement.tasks.poll_cursor": {"queue": "poll"},
    "engagement.tasks.search_watch": {"queue": "poll"},
    "calendar_app.tasks.remind_signers": {"queue": "mail"},
    "metrics.tasks.collect_metrics": {"queue": "metrics"},
    "metrics.tasks.measure_hours": {"queue": "metrics"},
    "metrics.tasks.remind_review": {"queue": "metrics"},
    "metrics.tasks.watch_followers": {"queue": "metrics"},
    "metrics.tasks.compare_comments": {"queue": "metrics"},
    "metrics.tasks.make_reports": {"queue": "metrics"},
    "metrics.tasks.print_reports": {"queue": "metrics"},
    "accounts.tasks.send_mail_due": {"queue": "mail"},
    "accounts.tasks.tidy_accounts": {"queue": "mail"},
    "accounts.tasks.look_after_people": {"queue": "mail"},
    "policy.tasks.nag_about_guides": {"queue": "mail"},
    "config.tasks.tick_heard": {"queue": "poll"},
    "config.tasks.look_after": {"queue": "metrics"},
}
beat_schedule = {
    "publish": tick("channels_app.tasks.send_due", 2, "publish"),
    "connections": tick("channels_app.tasks.test_connections", 5, "poll"),
    "keys": tick("channels_app.tasks.renew_keys", 30, "poll"),
    "canary": tick("channels_app.tasks.look_after_channels", 300, "poll"),
    "poll": tick("engagement.tasks.poll_due", 10, "poll"),
    "modes": tick("calendar_app.tasks.turn_modes", 10, "poll"),
    "plans": tick("calendar_app.tasks.bring_in_plans", 3, "poll"),
    "receipts": tick("calendar_app.tasks.read_back_due", 10, "poll"),
    "signatures": tick("calendar_app.tasks.remind_signers", 30, "mail"),
    "pictures": tick("calendar_app.tasks.watch_pictures", 600, "media"),
    "links": tick("calendar_app.tasks.watch_links", 120, "media"),
    "acknowledgements": tick("engagement.tasks.acknowledge_due", 30, "poll"),
    "issues": tick("engagement.tasks.gather_reports", 30, "poll"),
    "promises": tick("engagement.tasks.chase_promises", 60, "poll"),
    "listening": tick("engagement.tasks.listen_due", 60, "poll"),
    "forgetting": tick("engagement.tasks.forget_due", 3600, "poll"),
    "nudges": tick("engagement.tasks.nudge_due", 60, "poll"),
    "decisions": tick("engagement.tasks.move_decisions_on", 30, "poll"),
    "media": tick("channels_app.tasks.inspect_media", 30, "media"),
    "metrics": tick("metrics.tasks.collect_metrics", 30, "metrics"),
    "hours": tick("metrics.tasks.measure_hours", 600, "metrics"),
    "comments": tick("metrics.tasks.compare_comments", 3600, "metrics"),
    "followers": tick("metrics.tasks.watch_followers", 3600, "metrics"),
    "reports": tick("metrics.tasks.make_reports", 60, "metrics"),
    "papers": tick("metrics.tasks.print_reports", 60, "metrics"),
    "reviews": tick("metrics.tasks.remind_review", 3600, "metrics"),
    "mail": tick("accounts.tasks.send_mail_due", 10, "mail"),
    "tidy": tick("accounts.tasks.tidy_accounts", 3600, "mail"),
    "people": tick("accounts.tasks.look_after_people", 600, "mail"),
    "heard": tick("config.tasks.tick_heard", 30, "poll"),
    "guides": tick("policy.tasks.nag_about_guides", 3600, "mail"),
    "vitals": tick("config.tasks.look_after", 30, "metrics"),
}
