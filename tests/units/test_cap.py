"""The Common Alerting Protocol: what is written follows the standard, what is read is checked against it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from policy import cap
from policy.cap import Alert, Area, Info, Reference

SENT = "2026-11-22T14:30:00-07:00"
INFO = Info(
    event="Flood warning",
    category=("Met",),
    urgency="Immediate",
    severity="Severe",
    certainty="Likely",
    language="en-GB",
    response_type=("Prepare",),
    expires="2026-11-22T18:30:00-07:00",
    sender_name="Fernhill Town Council",
    headline="Flood warning: Mill Road",
    description="The river is rising & roads will flood.",
    instruction="Move upstairs.",
    web="https://fernhill.example/flood",
    areas=(Area("Mill Road", ("51.5,-0.1 51.6,-0.1 51.6,-0.2 51.5,-0.1",), ("51.5,-0.1 2.5",), (("UPRN", "1"),)),),
)
ALERT = Alert("fernhill-1", "desk@fernhill.example", SENT, "Actual", "Alert", infos=(INFO,))
EARLIER = Reference("desk@fernhill.example", "fernhill-0", "2026-11-22T14:00:00-07:00")


def test_what_is_written_follows_the_standard_and_comes_back_the_same() -> None:
    for alert in (
        ALERT,
        replace(ALERT, msg_type="Update", references=(EARLIER,)),
        replace(ALERT, msg_type="Cancel", status="Exercise", references=(EARLIER, EARLIER), note="Only practised."),
        replace(ALERT, infos=(INFO, replace(INFO, language="cy", headline="Rhybudd llifogydd: Mill Road"))),
    ):
        assert cap.problems(alert) == []
        assert cap.read(cap.write(alert)) == alert


def test_its_elements_stand_in_the_order_of_the_schema() -> None:
    text = cap.write(replace(ALERT, msg_type="Update", references=(EARLIER,))).decode()
    order = ["identifier", "sender>", "sent>", "status", "msgType", "scope", "references", "info", "language"]
    order += ["category", "event>", "responseType", "urgency", "severity", "certainty", "expires", "senderName"]
    order += ["headline", "description", "instruction", "web", "<area>", "areaDesc", "polygon", "circle", "geocode"]
    places = [text.index(f"<{name}" if not name.startswith("<") else name) for name in order]
    assert places == sorted(places)
    assert text.startswith("<?xml version='1.0' encoding='UTF-8'?>")
    assert 'xmlns="urn:oasis:names:tc:emergency:cap:1.2"' in text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"identifier": "a b"}, "identifier holds"),
        ({"identifier": "a,b"}, "identifier holds"),
        ({"identifier": "a<b"}, "identifier holds"),
        ({"identifier": ""}, "identifier is missing"),
        ({"sender": "a&b"}, "sender holds"),
        ({"sent": "2026-11-22T14:30:00Z"}, "never Z"),
        ({"sent": "2026-11-22T14:30:00+00:00"}, "UTC is -00:00"),
        ({"sent": "2026-11-22T14:30:00.5-07:00"}, "sent is"),
        ({"sent": "2026-11-22T24:30:00-07:00"}, "sent is"),
        ({"status": "Real"}, "status is “Real”"),
        ({"msg_type": "Message"}, "msgType is “Message”"),
        ({"scope": "Secret"}, "scope is “Secret”"),
        ({"scope": "Restricted"}, "restriction is missing"),
        ({"scope": "Private"}, "addresses is missing"),
        ({"restriction": "fire service"}, "scope is not Restricted"),
        ({"msg_type": "Update"}, "references is missing"),
        ({"msg_type": "Cancel"}, "references is missing"),
        ({"msg_type": "Error", "references": (EARLIER,)}, "note is missing"),
        ({"references": (Reference("a", "b", "yesterday"),)}, "is not sender,identifier,sent"),
        ({"infos": ()}, "there is no info"),
    ],
)
def test_the_head_is_held_against_the_field_rules(change: dict[str, object], words: str) -> None:
    assert any(words in problem for problem in cap.problems(replace(ALERT, **change)))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"event": " "}, "event is missing"),
        ({"category": ()}, "category is missing"),
        ({"category": ("Water",)}, "category is “Water”"),
        ({"response_type": ("Run",)}, "responseType is “Run”"),
        ({"urgency": "Now"}, "urgency is “Now”"),
        ({"severity": "Bad"}, "severity is “Bad”"),
        ({"certainty": "Sure"}, "certainty is “Sure”"),
        ({"language": "en_GB"}, "is no language tag"),
        ({"expires": "2026-11-22T14:30:00Z"}, "never Z"),
        ({"headline": "x" * 161}, "headline has 161"),
        ({"web": "fernhill.example"}, "web is not a full address"),
        ({"event_codes": (("SAME", ""),)}, "eventCode needs"),
        ({"areas": (Area(""),)}, "areaDesc is missing"),
        ({"areas": (Area("A", ("1,1 2,2 1,1",)),)}, "at least four points"),
        ({"areas": (Area("A", ("1,1 2,2 3,3 4,4",)),)}, "ends where it began"),
        ({"areas": (Area("A", ("91,1 2,2 3,3 91,1",)),)}, "pairs such as"),
        ({"areas": (Area("A", (), ("1,1",)),)}, "a circle is"),
        ({"areas": (Area("A", (), ("1,1 -2",)),)}, "a circle is"),
        ({"areas": (Area("A", ceiling="300"),)}, "ceiling is there without altitude"),
        ({"areas": (Area("A", geocodes=(("", "1"),)),)}, "geocode needs"),
    ],
)
def test_each_text_is_held_against_the_field_rules(change: dict[str, object], words: str) -> None:
    alert = replace(ALERT, infos=(replace(INFO, **change),))
    assert any(words in problem for problem in cap.problems(alert))


def test_a_moment_is_written_with_its_offset() -> None:
    noon = datetime(2026, 7, 1, 12, 0, 5, 700_000, tzinfo=UTC)
    assert cap.stamp(noon, "Europe/London") == "2026-07-01T13:00:05+01:00"
    assert cap.stamp(noon, "UTC") == "2026-07-01T12:00:05-00:00"
    assert cap.stamp(noon.replace(month=1), "Europe/London") == "2026-01-01T12:00:05-00:00"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "not XML"),
        (b"<alert", "not XML"),
        (b"<alert/>", "another version"),
        (b'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.1"/>', "another version"),
        (b"<feed/>", "not a CAP alert"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><alert>&b;</alert>', "document type"),
        (b'<!DOCTYPE alert SYSTEM "file:///etc/passwd"><alert/>', "document type"),
        (cap.write(replace(ALERT, status="Real")), "status"),
        (cap.write(replace(ALERT, identifier="")), "lacks its identifier"),
        (b"x" * 1_000_001, "larger than"),
    ],
)  # fmt: skip
def test_what_is_no_alert_is_refused_in_words(raw: bytes, words: str) -> None:
    with pytest.raises(cap.CannotRead, match=words):
        cap.read(raw)


def test_elements_the_standard_does_not_have_are_named() -> None:
    raw = (
        cap.write(ALERT)
        .replace(b"<msgType>", b"<colour>red</colour><msgType>")
        .replace(b"<event>", b"<msg>x</msg><event>")
    )
    assert cap.problems(cap.read(raw)) == [f"{name} is not part of the standard there" for name in ("colour", "msg")]


def test_a_feed_is_read_for_its_links() -> None:
    feed = (
        b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="https://alerts.example/1.cap"/></entry>'
        b'<entry><link href="http://alerts.example/2.cap"/></entry></feed>'
    )
    assert cap.feed_links(feed) == ["https://alerts.example/1.cap"]
    assert not cap.is_alert(feed)
    assert cap.is_alert(cap.write(ALERT))
