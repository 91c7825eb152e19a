"""A worker that hears nothing although messages wait for it ends, so that whatever keeps it starts it afresh.

After a broker was lost and came back, a worker can answer every question about its health and yet take no more work.
Running is therefore no proof; taking what waits is.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from celery import Celery
from kombu.exceptions import ChannelError, OperationalError

log = logging.getLogger(__name__)

EXIT = 75  # "try again" among the exit statuses programs agree on
LOOKS = 10  # in one length of silence


@dataclass
class Watch:
    """`silence` is how many seconds messages may wait while this worker takes none of any kind."""

    app: Celery
    queues: Sequence[str]
    silence: float
    waits_since: float | None = None

    def hear(self, **_: object) -> None:
        """A message was taken."""
        self.waits_since = None

    def start(self) -> None:
        threading.Thread(target=self._run, name="lively", daemon=True).start()

    def stuck(self, now: float, waiting: bool) -> bool:
        """Whether messages have waited for a whole silence and none was taken; times in monotonic seconds."""
        if not waiting:
            self.waits_since = None
            return False
        if self.waits_since is None:
            self.waits_since = now
        return now - self.waits_since >= self.silence

    def waiting(self) -> bool:
        """Something is in one of the queues; a broker that does not answer holds nothing anybody could take."""
        try:
            with self.app.connection_for_read() as broker:
                return any(depth(broker, name) for name in self.queues)
        except (OSError, OperationalError):
            return False

    def _run(self) -> None:
        while True:
            time.sleep(self.silence / LOOKS)
            if self.stuck(time.monotonic(), self.waiting()):
                log.error("worker takes no messages", extra={"queues": ",".join(self.queues)})
                os._exit(EXIT)


def depth(broker: object, name: str) -> int:
    """How many messages wait in this queue; one that holds none is not there."""
    try:
        found = broker.default_channel.queue_declare(queue=name, passive=True)  # type: ignore[attr-defined]
    except ChannelError:
        return 0
    return int(found.message_count)
