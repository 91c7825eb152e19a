"""What Fernhill's staff have learned, what they hold on the networks, and the colleague who left."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts import leaving, lessons, training
from accounts.models import Departure, Grant, Town, TrainingAttempt, TrainingRule, TrainingVersion, User
from accounts.walltime import end_of_day
from config.trial import cast

LAPSED_DAYS = 3
DAY = timedelta(days=1)


def school(start: datetime, now: datetime) -> None:
    """Everybody has passed what came with Parley, but for Noor, whose pass on personal data ran out three days ago.

    Whoever joins has two weeks for it, as on every new desk.
    """
    training.ship(start)
    TrainingRule.objects.update(since=start)
    zone = Town.here().zone
    versions = list(TrainingVersion.objects.select_related("module"))
    people = User.objects.filter(is_active=True).prefetch_related("grants")
    tries = [_pass(user, version, now, zone) for user in people for version in versions]
    TrainingAttempt.objects.bulk_create(tries)
    depart(start, now)


def _pass(user: User, version: TrainingVersion, now: datetime, zone: str) -> TrainingAttempt:
    lapsed = user.email.startswith(f"{cast.LAPSED}@") and version.module.slug == "personal-data"
    soon = user.email.startswith("ruth@") and version.module.slug == "election"
    left = -LAPSED_DAYS if lapsed else 12 if soon else 140 + 11 * version.module.place
    questions = lessons.read(version.questions)
    return TrainingAttempt(
        user=user,
        version=version,
        answers=[list(question.right) for question in questions],
        right=len(questions),
        asked=len(questions),
        at=now + timedelta(days=left) - timedelta(days=365),
        good_until=end_of_day((now + timedelta(days=left)).date(), zone),
    )


def depart(start: datetime, now: datetime) -> None:
    """Who can do what on the networks, a drill that is done, and Petra, who left last week."""
    inge, amara = (User.objects.get(email=f"{one}@{cast.DOMAIN}") for one in ("inge", "amara"))
    petra = User.objects.create_user(f"petra@{cast.DOMAIN}", "Petra Lind", None, joined_at=start)
    Grant.objects.create(user=petra, role="officer", starts_at=start)
    for user, network, handle, kind in (
        (inge, "Facebook", "Fernhill Town Council", "administrator"),
        (amara, "Facebook", "Fernhill Town Council", "administrator"),
        (inge, "X", "@fernhill", "recovery"),
        (petra, "Facebook", "Fernhill Town Council", "editor"),
        (petra, "X", "@fernhill", "password"),
    ):
        leaving.note_native_role(user, network, handle, kind, by=inge, now=start)
    drill = leaving.rehearse(amara, by=inge, now=now - 40 * DAY)
    work_through(drill, inge, now - 38 * DAY, left=0)
    left = leaving.leave(petra, by=inge, now=now - 6 * DAY)
    work_through(left, inge, now - 5 * DAY, left=2)


def work_through(departure: Departure, by: User, now: datetime, left: int) -> None:
    tasks = list(departure.tasks.all())
    for n, task in enumerate(tasks[: len(tasks) - left]):
        proof = "Looked at the list of administrators together with Amara; screenshot in the key folder."
        leaving.tick(task, proof, by=by, now=now + n * timedelta(minutes=4))
