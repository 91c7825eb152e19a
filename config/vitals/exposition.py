"""The vitals as Prometheus reads them. Counts of attempts lag two minutes behind, everything else is of this moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from channels_app import tallies
from channels_app.models import Channel
from config.vitals.facts import Vitals
from config.vitals.rounds import BUCKETS

COUNTED = ("attempts", "reconcile", "lateness", "lateness_ms", "late_found")


def text(v: Vitals) -> bytes:
    """The exposition format, every name beginning with `parley_`."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Once([*gauges(v), *counters(tallies.read(COUNTED))]))
    return generate_latest(registry)


class Once(Collector):
    """Metrics that were made already."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self.metrics = list(metrics)

    def collect(self) -> Iterable[Metric]:
        return self.metrics


def gauges(v: Vitals) -> Iterator[Metric]:
    yield labelled("deliveries", "Deliveries that are not at an end.", "state", v.states)
    yield plain("deliveries_overdue", "Deliveries due for more than a minute.", v.overdue)
    yield plain("delivery_overdue_seconds", "How long the first overdue delivery has waited.", v.overdue_for)
    yield plain("unknown_age_max_seconds", "Age of the oldest delivery nobody knows about.", v.unknown_for)
    yield labelled("heartbeat_age_seconds", "Since the last finished cycle.", "role", v.beats)
    yield labelled("poll_age_seconds", "Since the last complete reading.", "channel", of_channels(v.unread))
    yield labelled("token_expires_in_seconds", "Left of a channel's access.", "channel", of_channels(v.expiring))
    yield plain("possible_duplicates", "Things possibly out twice, lately.", len(v.twins))
    yield plain("sla_due_soon", "Conversations due within four hours.", v.due_soon)
    yield plain("audit_head_seq", "Number of the newest seal of the audit trail.", v.audit_head)
    yield plain("chains_broken", "Chains that do not fit.", len(v.broken))
    yield plain("clock_delta_seconds", "The database's clock less the desk's.", v.clock_delta)
    yield plain("broker_up", "Whether the broker answers.", int(v.queues is not None))
    yield labelled("queue_depth", "Messages waiting in the broker.", "queue", v.queues or {})
    if v.backup_for is not None:
        yield plain("backup_age_seconds", "Since the last good backup was begun.", v.backup_for)


def counters(counted: Mapping[str, Mapping[str, int]]) -> Iterator[Metric]:
    attempts = CounterMetricFamily(
        "parley_attempts", "What the machine did with deliveries.", labels=["platform", "outcome"]
    )
    for label, value in counted["attempts"].items():
        attempts.add_metric(label.split(":", 1), value)
    yield attempts
    reconciled = CounterMetricFamily("parley_reconcile", "How open questions were settled.", labels=["result"])
    for label, value in counted["reconcile"].items():
        reconciled.add_metric([label], value)
    yield reconciled
    yield CounterMetricFamily(
        "parley_late_found", "Messages the overlap would have missed.", value=sum(counted["late_found"].values())
    )
    yield lateness(counted["lateness"], counted["lateness_ms"].get("", 0) / 1000)


def lateness(buckets: Mapping[str, int], total: float) -> Metric:
    so_far, cumulative = 0, []
    for bound in (*(str(bound) for bound in BUCKETS), "+Inf"):
        so_far += buckets.get(bound, 0)
        cumulative.append((bound, so_far))
    words = "From the moment something was due until the platform had it."
    return HistogramMetricFamily("parley_publish_lateness_seconds", words, buckets=cumulative, sum_value=total)


def plain(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"parley_{name}", words, value=value)


def labelled(name: str, words: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(f"parley_{name}", words, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def of_channels(values: Mapping[Channel, float]) -> dict[str, float]:
    return {str(channel): value for channel, value in values.items()}
