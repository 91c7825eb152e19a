"""The compose file and the container file do what they promise, and start nothing that does not exist."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import yaml
from celery.bin.beat import beat as celery_beat
from celery.bin.worker import worker as celery_worker
from django.core.management import get_commands, load_command_class

from config import celery_settings, embedded, probe, secret_files
from config.management.commands.test import production

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "config" / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"].startswith("parley:")}
THEIRS = {"database", "broker", "cache", "proxy"}
DOCKERFILE = (DEPLOY / "Dockerfile").read_text("utf-8").replace("\\\n", " ")

every_service = pytest.mark.parametrize("name", SERVICES)
every_one_of_ours = pytest.mark.parametrize("name", OURS)


def test_all_the_parts_are_there() -> None:
    workers = {name for name in SERVICES if name.startswith("worker-")}
    assert set(SERVICES) == {"migrate", "web", "beat", "publisher", "backup"} | workers | THEIRS


def test_each_queue_has_exactly_one_worker_service() -> None:
    queues = [words[words.index("-Q") + 1] for words in (s["command"] for s in OURS.values()) if "-Q" in words]
    assert sorted(queues) == sorted(queue.name for queue in celery_settings.task_queues)


@every_service
def test_a_service_may_do_no_more_than_it_must(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert "privileged" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert any(mount.startswith("/tmp:") for mount in service["tmpfs"])
    assert not re.match(r"^(0|root)(:|$)", str(service["user"]))
    assert service["pids_limit"]


@every_service
def test_a_service_is_watched_and_comes_back(name: str) -> None:
    service = SERVICES[name]
    if name == "migrate":
        assert service["restart"] == "no"
    else:
        assert service["restart"] == "unless-stopped"
        assert service["healthcheck"]["test"][0] == "CMD"


def test_only_the_proxy_can_be_reached() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert COMPOSE["networks"]["inside"]["internal"] is True
    for name in ("database", "broker", "cache", "migrate", "beat", "backup"):
        assert SERVICES[name]["networks"] == ["inside"]
    assert SERVICES["proxy"]["networks"] == ["front"]


def test_the_broker_forgets_nothing_and_the_cache_may() -> None:
    broker, cache = (" ".join(SERVICES[name]["command"]) for name in ("broker", "cache"))
    assert "--maxmemory-policy noeviction" in broker
    assert "--appendonly yes" in broker
    assert "--maxmemory-policy allkeys-lru" in cache


def test_the_application_never_holds_the_rights_of_the_owner() -> None:
    for name, service in OURS.items():
        role = re.match(r"postgresql://(\w+):", service["environment"]["DATABASE_URL"])
        assert role
        assert role[1] == ("migrate" if name == "migrate" else "app")
        assert "POSTGRES_PASSWORD" not in service["environment"]


def test_everything_waits_for_the_tables() -> None:
    for name, service in OURS.items():
        needs = service["depends_on"]
        assert needs["database"]["condition"] == "service_healthy"
        if name != "migrate":
            assert needs["migrate"]["condition"] == "service_completed_successfully"


def test_what_is_kept_lies_in_volumes_that_exist() -> None:
    for service in SERVICES.values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert (ROOT / source).exists() if source.startswith("./") else source in COMPOSE["volumes"]
    assert "database:/var/lib/postgresql" in SERVICES["database"]["volumes"]


def test_secrets_are_asked_for_and_never_written_here() -> None:
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    made = secret_files.filled("desk.example.org", 10001)
    given = set(re.findall(r"^(\w+)=", made, re.MULTILINE))
    must = set(re.findall(r"\$\{(\w+)(?::\?[^}]*)?\}", text))
    assert must <= given
    for name in ("SECRET_KEY", "APP_PASSWORD", "MIGRATE_PASSWORD", "POSTGRES_PASSWORD", "BROKER_PASSWORD"):
        assert f"${{{name}:?" in text


@every_one_of_ours
def test_a_command_is_one_of_the_projects(name: str) -> None:
    words = SERVICES[name]["command"]
    match words:
        case ["python", "manage.py", command, *options]:
            app = get_commands()[command]
            assert app == "config"
            load_command_class(app, command).create_parser("manage.py", command).parse_args(options)
        case ["celery", "-A", "config.celery" | "config.beat", kind, *options]:
            known = {"worker": celery_worker, "beat": celery_beat}[kind]
            known.make_context(kind, options, parent=None, obj=None, resilient_parsing=True)
            assert {word for word in options if word.startswith("--")} <= {
                f"{flag}=" if flag == "--pidfile" else flag for option in known.params for flag in option.opts
            }
        case ["gunicorn", *_]:
            assert f"CMD {str(words).replace(chr(39), chr(34))}" in DOCKERFILE
        case _:
            pytest.fail(f"nobody knows {words}")


@every_one_of_ours
def test_a_health_check_asks_something_the_probe_knows(name: str) -> None:
    if name == "migrate":
        return
    program, flag, module, role, *rest = SERVICES[name]["healthcheck"]["test"][1:]
    assert [program, flag, module] == ["python", "-m", "config.probe"]
    assert role in {"web", "worker", "backup", *probe.OLDEST_BEAT}
    if role == "worker":
        command = SERVICES[name]["command"]
        assert command[command.index("-n") + 1] == f"{rest[0]}@%h"


def test_backups_are_made_each_hour_by_the_servers_own_programs_and_restored_by_the_owner() -> None:
    words = SERVICES["backup"]["command"]
    assert words[words.index("--every") + 1] == "3600"
    place = words[words.index("--to") + 1]
    assert int(words[words.index("--every") + 1]) < probe.OLDEST_BACKUP
    for name in ("backup", "migrate"):
        assert f"backups:{place}" in SERVICES[name]["volumes"]
    assert place in DOCKERFILE.split("AS desk")[1].split("COPY")[0]  # made as its owner's, and so is the volume
    assert "PG_BIN=/opt/postgres" in DOCKERFILE
    assert SERVICES["backup"]["build"]["args"]["POSTGRES_IMAGE"] == SERVICES["database"]["image"]


def test_every_stage_of_the_image_ends_as_an_ordinary_user() -> None:
    stages = {
        stage.split("AS ")[1].split()[0]: stage for stage in re.split(r"^FROM ", DOCKERFILE, flags=re.MULTILINE)[1:]
    }
    assert set(stages) == {"frontend", "packages", "postgres", "desk", "proxy"}
    for name in ("desk", "proxy"):
        users = re.findall(r"^USER (\S+)", stages[name], re.MULTILINE)
        assert users
        assert not re.match(r"^(0|root)\b", users[-1])
        assert {service["build"]["target"] for service in SERVICES.values() if "build" in service} >= {name}
    assert "PARLEY_IN_IMAGE=1" in stages["desk"]
    assert "--require-hashes" in stages["packages"]
    assert "npm ci --ignore-scripts" in stages["frontend"]


def test_the_image_copies_only_what_is_there_and_nothing_private() -> None:
    for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE):
        assert all((ROOT / source).exists() for source in line.split()[:-1])
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    apps = {"accounts", "calendar_app", "channels_app", "config", "engagement", "metrics", "policy"}
    assert lines[0] == "*"
    assert {line[1:] for line in lines if line.startswith("!")} == apps | {"manage.py", "static", "templates"}


def test_no_base_image_floats() -> None:
    images = re.findall(r"^ARG \w+_IMAGE=(\S+)", DOCKERFILE, re.MULTILINE)
    images += [re.sub(r"^\$\{\w+:-(.+)\}$", r"\1", service["image"]) for service in SERVICES.values()]
    assert all(":" in image and not image.endswith(":latest") for image in images)


def test_the_proxy_speaks_tls_for_the_desk_and_its_media() -> None:
    caddy = (DEPLOY / "Caddyfile").read_text("utf-8")
    assert "{$PARLEY_DOMAIN}, media.{$PARLEY_DOMAIN}" in caddy
    assert "reverse_proxy web:8000" in caddy
    inside = {line.split()[1] for line in caddy.splitlines() if line.strip().startswith(("http_port", "https_port"))}
    assert {port.split(":")[1].split("/")[0] for port in SERVICES["proxy"]["ports"]} == inside


def test_the_database_starts_with_the_two_roles_of_the_trial(tmp_path: Path) -> None:
    where = embedded.place(tmp_path)
    program = embedded.postgres(where, fast=True)
    server = subprocess.Popen(program.words, stderr=subprocess.DEVNULL, **program.options)
    try:
        embedded.wait_until_open(where, lambda: server.poll() is None)
        words = {"PATH": f"{where.binaries}:{os.environ['PATH']}", "PGHOST": str(where.sockets)}
        words |= {
            "MIGRATE_PASSWORD": "one",
            "APP_PASSWORD": "it's two",
            "RIGHTS_FILE": str(DEPLOY / "postgres/rights.sql"),
        }
        subprocess.run([DEPLOY / "postgres" / "roles.sh"], env=os.environ | words, check=True)
        owner, app = (psycopg2.connect(where.database_url(role)) for role in ("migrate", "app"))
        with owner, owner.cursor() as cursor:
            cursor.execute("CREATE EXTENSION pg_trgm; CREATE TABLE note (id serial, words text)")
        with app, app.cursor() as cursor:
            cursor.execute("INSERT INTO note (words) VALUES ('kept')")
        for refused in ("DROP TABLE note", "TRUNCATE note", "CREATE TABLE mine (id int)"):
            with pytest.raises(psycopg2.errors.InsufficientPrivilege), app, app.cursor() as cursor:
                cursor.execute(refused)
        owner.close()
        app.close()
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(10)


def test_the_desk_serves_behind_the_proxy_alone(transactional_db: str, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | production(tmp_path) | {"PARLEY_PLAIN_STATIC": "1", "REDIS_URL": "redis://nobody"}
    words = [sys.executable, "-m", "gunicorn", *SERVICES["web"]["command"][1:], "--bind", f"127.0.0.1:{port}"]
    web = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        assert wait_for(port, "/health/ready") == (200, None)
        assert ask(port, "/account/login/") == (301, "https://desk.example.org/account/login/")
        assert ask(port, "/account/login/", {"X-Forwarded-Proto": "https"})[0] == 200
        assert ask(port, "/health/live", {"Host": "elsewhere.example"})[0] == 400
    finally:
        web.terminate()
        web.wait(10)


def ask(port: int, path: str, headers: dict[str, str] | None = None) -> tuple[int, str | None]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"Host": "desk.example.org"} | (headers or {}))
    answer = connection.getresponse()
    found = answer.status, answer.getheader("Location")
    connection.close()
    return found


def wait_for(port: int, path: str) -> tuple[int, str | None]:
    end = time.monotonic() + 30
    while True:
        try:
            return ask(port, path)
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
