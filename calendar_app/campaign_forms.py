"""The forms around posts: campaigns, activities, notices, audiences, share kits and things to be made."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q

from calendar_app import production
from calendar_app.media_forms import DAY
from calendar_app.models import WAYS, Activity, Asset, Audience, Campaign, Post, ShareKit
from channels_app.models import Channel, Media
from policy.models import Objective

CAPTION_BYTES = 1_000_000


class PlanForm(forms.ModelForm):
    """What a campaign is for, and for whom."""

    class Meta:
        model = Campaign
        fields = ("objective", "brief", "audiences")
        labels = {"brief": "What people should know, in a few sentences", "audiences": "For whom"}  # noqa: RUF012
        widgets = {  # noqa: RUF012
            "brief": forms.Textarea(attrs={"rows": 3}),
            "audiences": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        aim = self.fields["objective"]
        aim.queryset = Objective.objects.filter(active=True)  # type: ignore[attr-defined]
        aim.empty_label = "Choose an objective"  # type: ignore[attr-defined]
        self.fields["audiences"].queryset = Audience.objects.filter(active=True)  # type: ignore[attr-defined]
        self.fields["audiences"].required = False


class ActivityForm(forms.ModelForm):
    """What is done beside posts."""

    class Meta:
        model = Activity
        fields = ("way", "name", "on", "place", "owner", "objective")
        labels = {  # noqa: RUF012
            "way": "What it is",
            "name": "In a few words",
            "on": "Day",
            "owner": "Who sees to it",
            "objective": "Objective, if not the campaign's",
        }
        widgets = {"on": DAY}  # noqa: RUF012

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner, aim = self.fields["owner"], self.fields["objective"]
        owner.queryset = owner.queryset.filter(is_active=True)  # type: ignore[attr-defined]
        aim.queryset = Objective.objects.filter(active=True)  # type: ignore[attr-defined]
        owner.empty_label, aim.empty_label = "Nobody yet", "The campaign's"  # type: ignore[attr-defined]


class NoticeForm(forms.Form):
    """One thing people are to know."""

    words = forms.CharField(label="What people are to know", max_length=200)
    mandatory = forms.BooleanField(label="It must reach every audience of the campaign", required=False)


class CarryForm(forms.Form):
    """Which posts and activities say a notice."""

    posts = forms.ModelMultipleChoiceField(
        Post.objects.none(), required=False, to_field_name="key", widget=forms.CheckboxSelectMultiple, label="Posts"
    )
    activities = forms.ModelMultipleChoiceField(
        Activity.objects.none(),
        required=False,
        to_field_name="key",
        widget=forms.CheckboxSelectMultiple,
        label="Activities",
    )

    def __init__(self, *args: Any, posts: Any, activities: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["posts"].queryset = posts  # type: ignore[attr-defined]
        self.fields["activities"].queryset = activities  # type: ignore[attr-defined]


class AudienceForm(forms.ModelForm):
    """People a message is for."""

    class Meta:
        model = Audience
        fields = ("name", "size")
        labels = {"name": "Audience", "size": "About how many people"}  # noqa: RUF012


class ReachForm(forms.Form):
    """About how many in a hundred of one audience each way reaches; empty means not at all."""

    def __init__(self, *args: Any, audience: Audience, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = {str(one.channel.key) if one.channel else one.way: one.percent for one in audience.reaches.all()}
        ways = [(str(one.key), str(one)) for one in Channel.objects.living()] + list(WAYS)
        for name, words in ways:
            self.fields[name] = forms.IntegerField(
                label=words, required=False, min_value=0, max_value=100, initial=held.get(name)
            )

    def shares(self) -> dict[str, int]:
        return {name: value for name, value in self.cleaned_data.items() if value}


class KitForm(forms.ModelForm):
    """What partners get."""

    class Meta:
        model = ShareKit
        fields = ("title", "words", "short", "spoken", "dates", "url", "media", "partners")
        labels = {  # noqa: RUF012
            "words": "Text for a newsletter or a long post",
            "short": "Short text for a post",
            "spoken": "Text to be read out, on the radio or at a meeting",
            "dates": "Dates that matter",
            "url": "The one address to share",
            "media": "Pictures",
            "partners": "Who gets it",
        }
        help_texts = {  # noqa: RUF012
            "media": "Each goes along with its alt text from the library.",
            "partners": "One name to a line. It counts as passed on by them.",
        }
        widgets = {  # noqa: RUF012
            "words": forms.Textarea(attrs={"rows": 5}),
            "short": forms.Textarea(attrs={"rows": 2}),
            "spoken": forms.Textarea(attrs={"rows": 3}),
            "partners": forms.Textarea(attrs={"rows": 3}),
            "media": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Media.objects.filter(state="ready", kind="picture").filter(pk__in=_of_campaign(campaign, self.instance))
        self.fields["media"].queryset = mine.order_by("-at")  # type: ignore[attr-defined]
        self.fields["media"].required = False


def _of_campaign(campaign: Campaign, kit: ShareKit) -> list[int]:
    """Pictures of the campaign's posts and things made for it, and those the kit has already."""
    from_posts = Q(pk__in=campaign.posts.values("pictures__media"))
    made = Q(pk__in=campaign.assets.values("media"))
    had = Q(pk__in=kit.media.values("pk")) if kit.pk else Q()
    return list(Media.objects.filter(from_posts | made | had).values_list("pk", flat=True))


class AssetForm(forms.ModelForm):
    """Something to be made. Captions come as a WebVTT file or as its text, transcripts too."""

    file = forms.FileField(label="Captions file (WebVTT)", required=False)
    transcript_file = forms.FileField(label="Transcript file (plain text)", required=False)

    class Meta:
        model = Asset
        fields = (
            "title", "kind", "campaign", "maker", "due_on", "hours", "cost", "where", "media", "captions",
            "transcript", "text_version",
        )  # fmt: skip
        labels = {  # noqa: RUF012
            "title": "What is to be made",
            "maker": "Who makes it",
            "due_on": "Due on",
            "where": "Where it can be seen",
            "media": "Picture in the library",
            "text_version": "Text version",
        }
        help_texts = {  # noqa: RUF012
            "captions": "A video is not done without captions and a transcript.",
            "transcript": "What is said, and what has to be seen to follow it.",
            "text_version": "What it shows, in words, or the address where those words are.",
        }
        widgets = {  # noqa: RUF012
            "due_on": DAY,
            "captions": forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
            "transcript": forms.Textarea(attrs={"rows": 4}),
            "text_version": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["campaign"].queryset = Campaign.objects.filter(active=True)  # type: ignore[attr-defined]
        self.fields["media"].queryset = Media.objects.offered()  # type: ignore[attr-defined]
        self.fields["campaign"].empty_label = "No campaign"  # type: ignore[attr-defined]
        self.fields["media"].empty_label = "None"  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        upload = data.pop("file", None)
        if upload is not None:
            data["captions"] = upload.read(CAPTION_BYTES + 1).decode("utf-8", "replace").replace("\x00", "")
        for problem in production.wrong_captions(data.get("captions", "")):
            self.add_error("file" if upload is not None else "captions", problem)
        written = data.pop("transcript_file", None)
        if written is not None:
            data["transcript"] = self._text_of(written)
        return data

    def _text_of(self, upload: Any) -> str:
        """A text file as text; what is none is told."""
        held = upload.read(CAPTION_BYTES + 1)
        try:
            text = held.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = "\0"
        if len(held) > CAPTION_BYTES or "\0" in text or not text.strip():
            self.add_error("transcript_file", "This is not a text file in UTF-8 of at most a million characters.")
            return ""
        return text.replace("\r\n", "\n")


class MoveAssetForm(forms.Form):
    """Where on the board it goes."""

    state = forms.ChoiceField(choices=Asset.STATES)
