"""The doors: accounts on platforms, the outbox, media, links and what keeps them running."""

from channels_app.models.channels import Channel, Credential
from channels_app.models.deliveries import Attempt, Delivery
from channels_app.models.hooks import UnheardMention, WebhookSeen
from channels_app.models.joinings import AppKey, Joining
from channels_app.models.links import ChannelMarks, Click, Link, LinkScheme, ServiceLink
from channels_app.models.media import Captions, Consent, Media
from channels_app.models.papers import Papers
from channels_app.models.prices import Price
from channels_app.models.profiles import ProfileLook
from channels_app.models.running import Cursor, Heartbeat, Instance
from channels_app.models.vitals import Alarm, Tally
from channels_app.models.withheld import WithheldComments

__all__ = [
    "Alarm",
    "AppKey",
    "Attempt",
    "Captions",
    "Channel",
    "ChannelMarks",
    "Click",
    "Consent",
    "Credential",
    "Cursor",
    "Delivery",
    "Heartbeat",
    "Instance",
    "Joining",
    "Link",
    "LinkScheme",
    "Media",
    "Papers",
    "Price",
    "ProfileLook",
    "ServiceLink",
    "Tally",
    "UnheardMention",
    "WebhookSeen",
    "WithheldComments",
]
