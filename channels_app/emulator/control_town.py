"""The control calls that steer time, faults, rules and the town."""

from typing import TYPE_CHECKING, Any

from .acts import act
from .clock import iso, parse

if TYPE_CHECKING:
    from .answering import Emulator


@act("GET", "clock")
def clock(emulator: "Emulator", given: dict[str, Any]) -> Any:
    due = emulator.world.town.next_at()
    return emulator.world.clock.state() | {"next_event": iso(due) if due else None}


@act("POST", "clock")
def set_clock(emulator: "Emulator", given: dict[str, Any]) -> Any:
    """Set the clock without living through the time between."""
    if given.get("live"):
        emulator.world.clock.go_live()
    else:
        emulator.world.clock.set(to=parse(given["to"]) if "to" in given else None, speed=given.get("speed"))
    emulator.world.town.arrive(emulator.world.clock.now())
    return clock(emulator, given)


@act("POST", "advance")
def advance(emulator: "Emulator", given: dict[str, Any]) -> Any:
    """Move the clock on and let the residents live through it."""
    world = emulator.world
    start, due = world.clock.now(), world.town.next_at()
    if given.get("event"):
        end = max(start, due or start)
    else:
        end = parse(given["to"]) if "to" in given else start + float(given["seconds"])
    if end < start:
        raise ValueError("the clock goes forward only; set it with POST /_control/clock")
    happened = world.town.live(end)
    world.clock.set(to=end)
    return clock(emulator, given) | {"happened": happened}


@act("GET", "rules")
def rules(emulator: "Emulator", given: dict[str, Any]) -> Any:
    return emulator.world.change_rules({})


@act("POST", "rules")
def change_rules(emulator: "Emulator", given: dict[str, Any]) -> Any:
    return emulator.world.change_rules(given)


@act("GET", "faults")
def faults(emulator: "Emulator", given: dict[str, Any]) -> Any:
    return emulator.faults.listed()


@act("POST", "faults")
def arm(emulator: "Emulator", given: dict[str, Any]) -> Any:
    if "dice" in given:
        emulator.faults.seed(int(given.pop("dice")))
    return vars(emulator.faults.arm(**given)) if given else {}


@act("DELETE", "faults")
def disarm(emulator: "Emulator", given: dict[str, Any]) -> Any:
    emulator.faults.clear(given.get("name", ""))
    return emulator.faults.listed()


@act("GET", "town")
def town(emulator: "Emulator", given: dict[str, Any]) -> Any:
    return emulator.world.town.settings()


@act("POST", "town")
def change_town(emulator: "Emulator", given: dict[str, Any]) -> Any:
    return emulator.world.town.change(given)


@act("POST", "reset")
def reset(emulator: "Emulator", given: dict[str, Any]) -> Any:
    """Forget everything; the clock, the rules and (if wished) the accounts stay."""
    world = emulator.world
    emulator.faults.clear()
    kept = {name: world.store.get(name) for name in ("clock", "town", "id", "request")}
    people = [dict(row) for table in ("accounts", "tokens") for row in world.store.rows(f"SELECT * FROM {table}")]  # noqa: S608
    world.store.wipe()
    for name, value in kept.items():
        if value is not None:
            world.store.put(name, value)
    for row in people if given.get("keep_accounts") else []:
        world.store.insert("tokens" if "token" in row else "accounts", **row)
    if not given.get("keep_accounts"):
        world.town.found(given.get("town", "empty"), int(given.get("seed", 1)), world.clock.now())
    return {"reset": True}
