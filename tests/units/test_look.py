"""What is drawn once for the same inputs is escaped like everything else, whatever marked it as safe before."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils.safestring import mark_safe

from config.templatetags.look import iso, linked, part

BADGE = "components/badge.html"


def test_a_part_escapes_its_inputs_and_keeps_them_apart() -> None:
    safe, plain = part(BADGE, words=mark_safe("<i>")), part(BADGE, words="<i>")
    assert "&lt;i&gt;" in safe
    assert safe == plain
    assert "&lt;b&gt;" in part(BADGE, words="<b>")


def test_a_missing_input_is_an_empty_one() -> None:
    assert part(BADGE, words="Private", icon=None) == part(BADGE, words="Private", icon="")


def test_words_are_escaped_and_addresses_become_links() -> None:
    said = linked("<script>x</script> https://fernhill.example/?a=1&b=2")
    assert "<script>" not in said
    assert 'href="https://fernhill.example/?a=1&amp;b=2"' in said
    assert "<b>" not in linked(mark_safe("<b>bold</b>"))


def test_a_moment_is_text_for_machines_and_text_stays_itself() -> None:
    moment = datetime(2026, 11, 30, 9, 5, tzinfo=UTC)
    assert iso(moment) == iso(iso(moment)) == "2026-11-30T09:05:00+00:00"
    drawn = part("components/countdown.html", words="3 h left", state="calm", full="", at=iso(moment))
    assert 'datetime="2026-11-30T09:05:00+00:00"' in drawn
