"""Forms of the voice's pages: what is typed becomes a profile, a rule's setting, a position."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from django import forms

from policy.checks import RULES
from policy.checks import house as houses
from policy.checks.house import Level, Manner
from policy.models import Topic
from policy.positions import Said
from policy.profile import NETWORKS, Example, Off, Profile, Trait
from policy.situations import SITUATIONS

MOST_TRAITS = 5
MOST_EXAMPLES = 10
NAMES = ("Everywhere", "X", "Facebook", "Instagram", "LinkedIn", "Mastodon", "Bluesky", "YouTube", "Vimeo")
PLACES = dict(zip(NETWORKS, NAMES, strict=True))
GREETINGS = [("any", "As the writer likes"), ("always", "Always"), ("never", "Never")]
SIGNS = [("any", "As the writer likes"), ("initials", "Initials"), ("first_name", "First name"), ("never", "Never")]
AS_EVERYWHERE = [("", "As everywhere")]
LEVELS = [("", "As shipped"), ("must", "Must fix"), ("should", "Should fix"), ("consider", "Consider")]


def measures() -> list[tuple[str, str]]:
    return [("", "Not measured"), *((one.name, one.title) for one in houses.shipped().bands.values())]


class TraitForm(forms.Form):
    """One trait; without a name it is left out."""

    name = forms.CharField(label="People should say we are", max_length=40, required=False)
    means = forms.CharField(label="What that means", max_length=240, required=False)
    rules = forms.CharField(
        label="Rules that stand for it", max_length=200, required=False, help_text="Their ids, such as V02 A24."
    )
    measure = forms.ChoiceField(label="Measured by", choices=measures, required=False)

    def clean_rules(self) -> list[str]:
        ids: list[str] = self.cleaned_data["rules"].upper().replace(",", " ").split()
        unknown = [one for one in ids if one not in RULES]
        if unknown:
            raise forms.ValidationError(f"There is no rule {unknown[0]}.")
        return ids


class ExampleForm(forms.Form):
    """One pair; without either it is left out."""

    do = forms.CharField(label="We say", max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    dont = forms.CharField(
        label="We do not say", max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    why = forms.CharField(label="Why", max_length=240, required=False)


Traits = forms.formset_factory(TraitForm, extra=0, min_num=MOST_TRAITS, max_num=MOST_TRAITS)
Examples = forms.formset_factory(ExampleForm, extra=2, max_num=MOST_EXAMPLES)


class MannersForm(forms.Form):
    """Greeting and sign-off by post or reply and network, bands, situations, sentences, and what was changed."""

    remark = forms.CharField(label="What changed, in a sentence", max_length=300)
    version = forms.IntegerField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, profile: Profile, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.profile = profile
        for kind in ("post", "reply"):
            for network, place in PLACES.items():
                self._manner(kind, network, place)
        shipped = houses.shipped()
        for name, band in shipped.bands.items():
            low, high = profile.bands.get(name, (band.low, band.high))
            self.fields[f"low_{name}"] = forms.FloatField(
                label=f"{band.title}, at least{band.unit}", initial=low, min_value=0
            )
            self.fields[f"high_{name}"] = forms.FloatField(label=f"at most{band.unit}", initial=high, min_value=0)
        for situation, label in SITUATIONS:
            kept = profile.emoji.get(situation, shipped.profile(situation).emoji)
            self.fields[f"emoji_{situation}"] = forms.IntegerField(
                label=f"{label}: most emoji", initial=kept, min_value=0, max_value=20, required=False
            )
        for name, sentence in profile.disclosures.items():
            self.fields[f"told_{name}"] = forms.CharField(label=DISCLOSED[name], initial=sentence, max_length=200)

    def _manner(self, kind: str, network: str, place: str) -> None:
        kept = self.profile.manners.get(kind, {}).get(network)
        first = AS_EVERYWHERE if network else []
        where = f"{'Posts' if kind == 'post' else 'Answers'}, {place}"
        self.fields[f"greeting_{kind}_{network}"] = forms.ChoiceField(
            label=f"{where}: greeting", choices=[*first, *GREETINGS], required=False,
            initial=kept.greeting if kept else ("" if network else "any"),
        )  # fmt: skip
        self.fields[f"sign_{kind}_{network}"] = forms.ChoiceField(
            label=f"{where}: sign-off", choices=[*first, *SIGNS], required=False,
            initial=kept.sign_off if kept else ("" if network else "any"),
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in houses.shipped().bands:
            low, high = data.get(f"low_{name}"), data.get(f"high_{name}")
            if low is not None and high is not None and low > high:
                self.add_error(f"high_{name}", "This has to be the larger one.")
        return data

    def manners(self) -> dict[str, dict[str, Manner]]:
        return {
            kind: {network: made for network in PLACES if (made := self._made(kind, network))}
            for kind in ("post", "reply")
        }

    def _made(self, kind: str, network: str) -> Manner | None:
        greeting = self.cleaned_data[f"greeting_{kind}_{network}"]
        sign_off = self.cleaned_data[f"sign_{kind}_{network}"]
        if network and not greeting and not sign_off:
            return None
        return Manner(greeting or "any", sign_off or "any")

    def applied(self, traits: Any, examples: Any) -> Profile:
        """The profile these forms describe."""
        data, shipped = self.cleaned_data, houses.shipped()
        bands = {name: (data[f"low_{name}"], data[f"high_{name}"]) for name in shipped.bands}
        emoji = {name: data[f"emoji_{name}"] for name, _ in SITUATIONS if data[f"emoji_{name}"] is not None}
        return self.profile.but(
            traits=tuple(
                Trait(one["name"], one["means"], tuple(one["rules"]), one["measure"])
                for one in (form.cleaned_data for form in traits)
                if one.get("name")
            ),
            examples=tuple(
                Example(one["do"], one["dont"], one["why"])
                for one in (form.cleaned_data for form in examples)
                if one.get("do") or one.get("dont")
            ),
            manners=self.manners(),
            bands={name: one for name, one in bands.items() if one != _bounds(name)},
            emoji={name: one for name, one in emoji.items() if one != shipped.profile(name).emoji},
            disclosures={name: data[f"told_{name}"] for name in self.profile.disclosures},
        )


def _bounds(name: str) -> tuple[float, float]:
    band = houses.shipped().bands[name]
    return band.low, band.high


DISCLOSED: Mapping[str, str] = {
    "paid": "When somebody paid",
    "partner": "When it is made with a partner ({partner} is the name)",
    "ai": "When a picture is made with AI",
    "edited": "When a picture was changed",
    "staged": "When a scene was posed",
}


class RuleForm(forms.Form):
    """One rule: its level, its thresholds, and whether it speaks at all."""

    level = forms.ChoiceField(label="Level", choices=LEVELS, required=False)
    off = forms.BooleanField(label="Switched off", required=False)
    reason = forms.CharField(label="Why", max_length=300, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, rule: str, profile: Profile, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule, self.profile = rule, profile
        off = profile.off.get(rule)
        told = {"level": profile.levels.get(rule, ""), "off": bool(off), "reason": off.reason if off else ""}
        self.initial = {**told, **self.initial}
        self.numbers = [one for one in houses.numbers().values() if one.rule == rule]
        for one in self.numbers:
            self.fields[f"number_{one.name}"] = forms.FloatField(
                label=one.title, initial=profile.numbers.get(one.name, one.value), min_value=0, max_value=100_000
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("off") and self.rule.startswith("L"):
            self.add_error("off", "The platform refuses it either way, so this check stays on.")
        if data.get("off") and not str(data.get("reason", "")).strip():
            self.add_error("reason", "Say why this rule is switched off; it stands on this page.")
        return data

    def applied(self) -> Profile:
        data, profile = self.cleaned_data, self.profile
        levels: dict[str, Level] = {key: one for key, one in profile.levels.items() if key != self.rule}
        if data["level"] in get_args(Level):
            levels[self.rule] = data["level"]
        off = {key: one for key, one in profile.off.items() if key != self.rule}
        if data["off"]:
            off[self.rule] = Off(data["reason"].strip())
        numbers = {**profile.numbers, **{one.name: data[f"number_{one.name}"] for one in self.numbers}}
        shipped = houses.numbers()
        numbers = {name: value for name, value in numbers.items() if value != shipped[name].value}
        return profile.but(levels=levels, off=off, numbers=numbers)


class PositionForm(forms.Form):
    """An approved position; phrases stand one to a line."""

    subject = forms.CharField(label="Subject", max_length=120)
    topic = forms.ModelChoiceField(Topic.objects.none(), required=False, empty_label="No topic", label="Topic")
    says = forms.CharField(label="What we say", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    words = forms.CharField(
        label="Words that show what it is about", required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One to a line, such as: incinerator",
    )  # fmt: skip
    required = forms.CharField(
        label="Has to be said", required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text="One to a line."
    )
    never = forms.CharField(
        label="Never say", required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One to a line. Words that contain one of these need an approver.",
    )  # fmt: skip
    source = forms.CharField(label="Where it was decided", max_length=300, required=False)
    review_on = forms.DateField(
        label="Look at it again on", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].queryset = Topic.objects.filter(active=True)  # type: ignore[attr-defined]

    def said(self) -> Said:
        data = self.cleaned_data
        rows = {name: [one.strip()[:200] for one in data[name].splitlines() if one.strip()] for name in LINED}
        return Said(
            data["subject"].strip(), data["says"].strip(), data["topic"], source=data["source"],
            review_on=data["review_on"], **rows,
        )  # fmt: skip


LINED = ("words", "required", "never")


class TryForm(forms.Form):
    """Words to try the checks on; nothing of it is kept."""

    text = forms.CharField(label="Your words", max_length=5000, widget=forms.Textarea(attrs={"rows": 4}))
    kind = forms.ChoiceField(label="As", choices=[("post", "A post"), ("reply", "An answer")])
    situation = forms.ChoiceField(label="Situation", choices=SITUATIONS)
