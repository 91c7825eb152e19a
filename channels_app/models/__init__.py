"""The doors: accounts on platforms, the outbox, media and what keeps them running."""

from channels_app.models.channels import Channel, Credential
from channels_app.models.deliveries import Attempt, Delivery
from channels_app.models.media import Media
from channels_app.models.running import Cursor, Heartbeat, Instance
from channels_app.models.vitals import Alarm, Tally

__all__ = ["Alarm", "Attempt", "Channel", "Credential", "Cursor", "Delivery", "Heartbeat", "Instance", "Media", "Tally"]
