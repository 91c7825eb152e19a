"""What a training module says and asks: its shape, what is wrong with it, and the ones that come with Parley. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "curriculum"
MOST_QUESTIONS, MOST_OPTIONS = 20, 6


@dataclass(frozen=True)
class Question:
    """`right` holds the places of the right options; all of them and no other must be chosen. `why` explains it."""

    ask: str
    options: tuple[str, ...]
    right: tuple[int, ...]
    why: str

    @property
    def several(self) -> bool:
        return len(self.right) > 1

    def is_right(self, chosen: Sequence[int]) -> bool:
        return sorted(set(chosen)) == sorted(self.right)


@dataclass(frozen=True)
class Lesson:
    """Everything a version of a module holds; `pass_mark` in percent, `months` is how long a pass is good for."""

    title: str
    summary: str
    body: str
    questions: tuple[Question, ...]
    pass_mark: int = 80
    months: int = 12

    def stored(self) -> dict[str, Any]:
        """As the columns of a version hold it."""
        return asdict(self) | {"questions": [asdict(one) for one in self.questions]}


@dataclass(frozen=True)
class Shipped:
    """A lesson that comes with Parley, and the roles it is meant for."""

    slug: str
    roles: tuple[str, ...]
    lesson: Lesson


def read(questions: Sequence[Mapping[str, Any]]) -> tuple[Question, ...]:
    """Questions as they are stored."""
    return tuple(
        Question(str(one["ask"]), tuple(one["options"]), tuple(one["right"]), str(one.get("why", "")))
        for one in questions
    )


def needed(asked: int, pass_mark: int) -> int:
    """How many right answers pass; at least one."""
    return max(1, -(-asked * pass_mark // 100))


def problems(lesson: Lesson) -> list[str]:
    """What is wrong with it, in sentences; empty when it can be used."""
    found = []
    if not lesson.title.strip():
        found.append("The module needs a title.")
    if not lesson.body.strip():
        found.append("The module needs a text to learn from.")
    if not 1 <= lesson.pass_mark <= 100:
        found.append("The pass mark is a percentage from 1 to 100.")
    if not 1 <= lesson.months <= 60:
        found.append("A pass is good for 1 to 60 months.")
    if not lesson.questions:
        found.append("The module needs at least one question.")
    if len(lesson.questions) > MOST_QUESTIONS:
        found.append(f"A module has at most {MOST_QUESTIONS} questions.")
    for number, question in enumerate(lesson.questions, 1):
        found += [f"Question {number}: {words}" for words in _question_problems(question)]
    return found


def _question_problems(question: Question) -> list[str]:
    found = []
    if not question.ask.strip():
        found.append("write what is asked.")
    if not 2 <= len(question.options) <= MOST_OPTIONS:
        found.append(f"offer two to {MOST_OPTIONS} answers.")
    if len(set(question.options)) < len(question.options):
        found.append("two answers are the same.")
    if not question.right:
        found.append("say which answers are right.")
    elif len(question.right) >= len(question.options):
        found.append("at least one answer must be wrong.")
    return found


@lru_cache(maxsize=1)
def shipped() -> tuple[Shipped, ...]:
    """The modules that come with Parley, in their order."""
    return tuple(_load(path) for path in sorted(FOLDER.glob("*.toml")))


def _load(path: Path) -> Shipped:
    said = tomllib.loads(path.read_text(encoding="utf-8"))
    lesson = Lesson(
        said["title"],
        said["summary"],
        said["body"].strip(),
        read(said["questions"]),
        said.get("pass_mark", 80),
        said.get("months", 12),
    )
    return Shipped(path.stem.partition("-")[2], tuple(said["roles"]), lesson)
