"""The Common Alerting Protocol 1.2: alerts as plain values, the standard's field rules, writing and reading. Pure."""

from policy.cap.alerts import NAMESPACE, Alert, Area, Info, Reference, stamp
from policy.cap.reading import CannotRead, feed_links, is_alert, read
from policy.cap.rules import problems
from policy.cap.writing import write

__all__ = [
    "NAMESPACE",
    "Alert",
    "Area",
    "CannotRead",
    "Info",
    "Reference",
    "feed_links",
    "is_alert",
    "problems",
    "read",
    "stamp",
    "write",
]
