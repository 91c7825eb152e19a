"""A desk for a while: residents write, ten people click and answer, and something breaks every few seconds."""

from __future__ import annotations

import itertools
import os
import random
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg2
import requests

from channels_app.emulator.client import Refused
from tests.browser import doing
from tests.browser.desk import Desk

USERS = ["officer"] * 3 + ["publisher"] * 2
USERS += ["approver", "manager", "administrator", "contributor", "records officer"]
PAGES = ["/", "/inbox/", "/calendar/", "/channels/", "/objectives/", "/working/", "/notifications/", "/frame/?seen=x"]
PLATFORMS = ["mastodon", "x", "facebook"]
FAULTS: list[dict[str, Any]] = [
    {"kind": "drop_after", "times": 1},
    {"kind": "html_after", "times": 1},
    {"kind": "refuse_after", "status": 500, "times": 1},
    {"kind": "drop_before", "times": 2},
    {"kind": "html", "status": 503, "times": 2},
    {"kind": "rate_limited", "reset": 2, "times": 2},
    {"kind": "delay_after", "seconds": 2, "times": 3},
    {"kind": "truncated", "times": 1},
]
PROGRAMS = ("postgres", "valkey", "emulator", "gunicorn", "config.celery", "config.beat", "send_due", "trial")
KILLED = {"worker": b"config.celery", "publisher": b"send_due", "beat": b"config.beat"}


@dataclass
class Soak:
    """What was done and what was seen; filled by many threads."""

    desk: Desk
    chance: random.Random
    seconds: float
    took: list[float] = field(default_factory=list)  # of each page, in seconds
    wrong: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)  # by residents
    sent: list[str] = field(default_factory=list)  # by the town
    broken: int = 0
    killed: int = 0
    memory: list[float] = field(default_factory=list)  # PSS of everything, in MB
    least: dict[str, int] = field(default_factory=dict)  # the same by program
    most: dict[str, int] = field(default_factory=dict)
    over: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Everybody at work until the time is over."""
        jobs = [self.people(number, role) for number, role in enumerate(USERS)]
        jobs += [self.residents, self.trouble, self.watch]
        threads = [threading.Thread(target=self.kept(job)) for job in jobs]
        for thread in threads:
            thread.start()
        self.over.wait(self.seconds)
        self.over.set()
        for thread in threads:
            thread.join(60)
        self.desk.emulator.clear_faults()

    def kept(self, job: Callable[[], None]) -> Callable[[], None]:
        """A thread that ends early is a fault like any other."""

        def work() -> None:
            try:
                job()
            except Exception as problem:  # noqa: BLE001 - a thread's outermost line
                self.wrong.append(f"{job}: {problem!r}")

        return work

    def turns(self, pause: float) -> Any:
        """Again and again until the end, about so far apart."""
        for number in itertools.count():
            if self.over.wait(self.chance.uniform(0.5, 1.5) * pause):
                return
            yield number

    def people(self, number: int, role: str) -> Callable[[], None]:
        def click() -> None:
            with Clicker(self, role) as person:
                for turn in self.turns(1.5):
                    person.look(self.chance.choice(PAGES))
                    if role == "officer" and turn % 3 == 0:
                        person.answer(f"{number}-{turn}")
                    if role == "publisher" and turn % 6 == 0:
                        person.post(f"{number}-{turn}")

        return click

    def residents(self) -> None:
        for turn in self.turns(0.7):
            words = f"Soak question {turn}: who clears the gully in street {self.chance.randrange(10**9)}?"
            self.desk.emulator.say(self.chance.choice(PLATFORMS), words, by=f"soaker{turn % 40}")
            self.asked.append(words)

    def trouble(self) -> None:
        """A platform that misbehaves every three seconds, a process of the desk killed or frozen every tenth time."""
        for turn in self.turns(3):
            with suppress(Refused):
                self.desk.emulator.fault(platform=self.chance.choice(PLATFORMS), **self.chance.choice(FAULTS))
                self.broken += 1
            if turn % 10 == 5:
                self.hit(self.chance.choice(sorted(KILLED)))

    def hit(self, name: str) -> None:
        for pid in family(self.top()):
            if KILLED[name] in words_of(pid):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    self.killed += 1
                return

    def top(self) -> int:
        """The process that keeps the others running."""
        home = os.fsencode(str(self.desk.home))
        return next(pid for pid in everybody() if b"trial" in words_of(pid) and home in words_of(pid))

    def watch(self) -> None:
        """Memory, and transactions somebody forgot to end."""
        question = (
            "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' "
            "AND clock_timestamp() - state_change > interval '5 s'"
        )
        with closing(psycopg2.connect(self.desk.environment["DATABASE_URL"])) as connection:
            connection.autocommit = True
            for _ in self.turns(3):
                self.weigh()
                with connection.cursor() as cursor:
                    cursor.execute(question)
                    if cursor.fetchone()[0]:
                        self.wrong.append("a transaction was left open")

    def weigh(self) -> None:
        by = Counter[str]()
        for pid in family(self.top()):
            words = words_of(pid).decode("utf-8", "replace")
            by[next((name for name in PROGRAMS if name in words), "other")] += round(pss(pid) / 1000)
        self.memory.append(by.total())
        if by.total() == min(self.memory):
            self.least = dict(by)
        if by.total() == max(self.memory):
            self.most = dict(by)


class Clicker:
    """One person in a browser without scripts."""

    def __init__(self, soak: Soak, role: str) -> None:
        self.soak, self.role = soak, role
        self.session = requests.Session()

    def __enter__(self) -> Clicker:
        address, password = self.soak.desk.people[self.role]
        self.look("/account/login/")
        self.send("/account/login/", {"login": address, "password": password})
        return self

    def __exit__(self, *ended: object) -> None:
        self.session.close()

    def look(self, path: str) -> str:
        began = time.monotonic()
        answer = self.session.get(self.soak.desk.url + path, timeout=60)
        self.soak.took.append(time.monotonic() - began)
        if answer.status_code >= 500 or "/account/login/" in answer.url and "login" not in path:
            self.soak.wrong.append(f"{self.role} {path}: {answer.status_code} {answer.url}")
        return answer.text

    def send(self, path: str, fields: dict[str, Any]) -> int:
        url = self.soak.desk.url + path
        whole = {**fields, "csrfmiddlewaretoken": self.session.cookies["csrf"]}
        status = self.session.post(url, whole, headers={"Referer": url}, timeout=60).status_code
        if status >= 500:
            self.soak.wrong.append(f"{self.role} sends {path}: {status}")
        return status

    def answer(self, mark: str) -> None:
        """Answer somebody; a colleague may be faster, and then nothing is sent."""
        key = self.soak.desk.one(
            "SELECT key FROM engagement_conversation WHERE state = 'open' AND clock = 'running' AND NOT private "
            "ORDER BY random() LIMIT 1"
        )
        page = self.look(f"/inbox/{key}/") if key else ""
        found = re.search(r'name="form_key" value="([^"]+)"><input type="hidden" name="answers" value="(\d+)"', page)
        if found:
            words = f"Soak answer {mark}: Streets comes by on Thursday."
            self.send(f"/inbox/{key}/reply/", {"text": words, "form_key": found[1], "answers": found[2]})
            self.soak.sent.append(words)

    def post(self, mark: str) -> None:
        one = self.soak.desk.one
        words = f"Soak post {mark}: the pool opens at seven."
        channels = one(
            "SELECT array_agg(key::text) FROM channels_app_channel WHERE state = 'ok' AND platform = ANY(%s)", PLATFORMS
        )
        fields = {
            "text": words,
            "kind": "news",
            "benefit": "learn",
            "topic": one("SELECT id FROM policy_topic WHERE active ORDER BY id LIMIT 1"),
            "objective": one("SELECT key FROM policy_objective ORDER BY id LIMIT 1"),
            "channels": channels,
            "version": 0,
            "act": "schedule",
            "at": doing.town_time(timedelta(seconds=8)),
        }
        self.send("/calendar/posts/new/", fields)
        self.soak.sent.append(words)


def everybody() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").glob("[0-9]*")]


def words_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def family(top: int) -> list[int]:
    """A process and all that descend from it."""
    parents: dict[int, list[int]] = {}
    for pid in everybody():
        with suppress(OSError, IndexError, ValueError):
            parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
            parents.setdefault(parent, []).append(pid)
    found, ahead = [], [top]
    while ahead:
        pid = ahead.pop()
        found.append(pid)
        ahead += parents.get(pid, [])
    return found


def pss(pid: int) -> float:
    """Its fair share of memory, in kB."""
    try:
        sizes = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return next((float(line.split()[1]) for line in sizes.splitlines() if line.startswith("Pss:")), 0.0)


@contextmanager
def asking(desk: Desk) -> Any:
    """A cursor on the desk's database."""
    with closing(psycopg2.connect(desk.environment["DATABASE_URL"])) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor
