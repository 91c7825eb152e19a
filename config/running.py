"""The trial: the whole desk with a fictional town, on this machine alone, its data in one home folder."""

from __future__ import annotations

import http.client
import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from channels_app.emulator import process
from config import embedded, homes, practice, secret_files
from config.embedded import Program
from config.homes import HOST, ROOT
from config.supervisor import Child, Supervisor, supervising

QUIETER = {
    "PYTHONUNBUFFERED": "1",
    "PYTHONWARNINGS": "ignore:pkg_resources is deprecated",  # the X text counter's own matter
    "MALLOC_ARENA_MAX": "2",  # threads share their memory pools
    "MALLOC_TRIM_THRESHOLD_": "131072",  # what a big page took goes back, in bytes; else the threshold grows with it
}
QUEUES = "publish,poll,media,metrics,mail"


@dataclass
class Trial:
    """One run: where its data are, where it listens, and whom it tells."""

    home: Path
    port: int
    tell: Callable[[str], None]
    weeks: int = 12  # of past, when the town is made

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}/"

    @property
    def sign_ins(self) -> Path:
        return self.home / "sign-ins.txt"


def run(trial: Trial, ready: Callable[[], None]) -> None:
    """Start everything, call `ready`, and keep it running until Stopped."""
    trial.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with homes.held(trial.home, trial.url):
        homes.check_room(trial.home)
        homes.check_port(trial.port)
        emulator_port = homes.free_port()
        os.environ.update(practice.environment(trial.home))
        os.environ.update(EMULATOR_URL=f"http://{HOST}:{emulator_port}", PRACTICE_URL=trial.url, **QUIETER)
        with supervising(trial.home / "logs" / "parley.log", trial.tell) as supervisor:
            fresh = start_servers(trial, supervisor)
            prepare(trial, supervisor)
            words = process.command(trial.home / "emulator", emulator_port, town="fernhill")
            emulator = supervisor.start(Child("emulator", lambda: Program(words, {"cwd": ROOT})))
            supervisor.wait_for(lambda: answers(emulator_port, "/"), emulator, 30)
            if fresh:
                seed(trial, supervisor)
            start_application(trial, supervisor)
            ready()
            supervisor.watch()


def manage(*words: str) -> Program:
    return Program([sys.executable, str(ROOT / "manage.py"), *words])


def celery(app: str, *words: str) -> Program:
    return Program([sys.executable, "-m", "celery", "-A", app, "--quiet", *words])


def start_servers(trial: Trial, supervisor: Supervisor) -> bool:
    """Start PostgreSQL and Valkey where none are named; True when the town is still to be made."""
    fresh = not (trial.home / "seeded").exists()
    if fresh:
        homes.forget_unfinished(trial.home)
    where = embedded.place(trial.home)
    if "REDIS_URL" not in os.environ:
        supervisor.start(Child("valkey", lambda: embedded.valkey(where), server=True))
        os.environ["REDIS_URL"] = where.redis_url
    if "DATABASE_URL" not in os.environ:
        trial.tell("Starting the database")
        child = Child("postgres", lambda: embedded.postgres(where), server=True, goodbye=signal.SIGINT)
        supervisor.start(child)
        embedded.wait_until_open(where, child.running)
        embedded.make_database(where, afresh=fresh)
        os.environ["DATABASE_URL"] = where.database_url("app")
        os.environ["MIGRATE_DATABASE_URL"] = where.database_url("migrate")
    return fresh


def prepare(trial: Trial, supervisor: Supervisor) -> None:
    """Tables and static files, when what they are made from has changed."""
    mark = trial.home / "prepared"
    made_from = homes.fingerprint()
    if mark.exists() and mark.read_text("utf-8") == made_from:
        return
    trial.tell("Preparing the tables and the pages")
    pages = [] if os.environ.get("PARLEY_PLAIN_STATIC") == "1" else ["--static"]
    step(supervisor, Child("prepare", lambda: as_owner(manage("prepare", *pages))), "Preparing the tables")
    mark.write_text(made_from, "utf-8")


def as_owner(program: Program) -> Program:
    """With the database role that may make tables."""
    owner = os.environ.get("MIGRATE_DATABASE_URL") or os.environ["DATABASE_URL"]
    return Program(program.words, {"env": {**os.environ, "DATABASE_URL": owner}})


def seed(trial: Trial, supervisor: Supervisor) -> None:
    trial.tell(f"Making the town: its people, its channels and {trial.weeks} weeks of their life")
    words = manage("seed_trial", "--weeks", str(trial.weeks)).words
    hasty = "-c synchronous_commit=off"  # a town that breaks off is made again from the start
    program = Program(words, {"env": {**os.environ, "PGOPTIONS": hasty}})
    child = Child("seed", lambda: program, heard=lambda line: trial.tell(f"  {line}"))
    step(supervisor, child, "Making the town")
    (trial.home / "seeded").touch()


def step(supervisor: Supervisor, child: Child, name: str) -> None:
    """Run one step to its end; the last thing it said is the reason when it fails."""
    said: list[str] = []
    tell = child.heard

    def heard(line: str) -> None:
        said.append(line)
        if tell:
            tell(line)

    child.heard = heard
    if supervisor.run(child):
        whole = "\n".join(said).lower()
        if "no space left on device" in whole or "could not extend file" in whole:
            raise homes.TrialProblem("The disk ran full; make room and start again.")
        reason = next((line for line in reversed(said) if line.strip()), "no reason given").strip()
        raise homes.TrialProblem(f"{name} failed: {reason} (more in {supervisor.log_path})")


def start_application(trial: Trial, supervisor: Supervisor) -> None:
    """Start everything that is the desk, and return when its pages answer."""
    trial.tell("Starting the desk")
    beat = ["beat", "-s", str(trial.home / "beat-schedule"), "--pidfile="]
    worker = ["worker", "-Q", QUEUES, "-c", "2", "-n", "worker@trial", "--without-gossip", "--without-mingle"]
    web = supervisor.start(Child("web", lambda: gunicorn(trial.port)))
    supervisor.start(Child("worker", lambda: celery("config.celery", *worker)))
    supervisor.start(Child("beat", lambda: celery("config.beat", *beat)))
    supervisor.start(Child("publisher", lambda: manage("send_due", "--every", "5")))
    supervisor.wait_for(lambda: answers(trial.port, "/health/live"), web, 60)
    remember_environment(trial.home)


def remember_environment(home: Path) -> None:
    """For other commands beside a running trial: where its database is."""
    keys = ("DATABASE_URL", "MIGRATE_DATABASE_URL", "REDIS_URL", "EMULATOR_URL", *practice.environment(home))
    path = home / "environment.json"
    path.unlink(missing_ok=True)
    secret_files.write_private(path, json.dumps({key: os.environ[key] for key in keys if key in os.environ}))


def gunicorn(port: int) -> Program:
    words = ["config.wsgi", "--config", str(ROOT / "config" / "deploy" / "gunicorn.conf.py")]
    return Program([sys.executable, "-m", "gunicorn", *words, "--bind", f"{HOST}:{port}"])


def answers(port: int, path: str) -> bool:
    """Somebody answers over HTTP, and not with an error of the server's own."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
