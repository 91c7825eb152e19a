"""Measures of what people gather by hand: samples they read, what residents were asked, what was paid and put right."""

from __future__ import annotations

from metrics.measures import behaviour, from_campaigns, from_corrections, from_paid, from_samples, paid, quality
from metrics.measures.shape import Rule

SAMPLES = "public messages of residents, drawn by lot and read by people; no machine reads them"
NOT_EVERYBODY = "Who writes to the town is not everybody who lives in it."
GATHERED = [
    Rule(
        "praise",
        "Praise, as people read it",
        "%",
        "messages read as praise ÷ messages of the sample; said as an interval, with how far two readers agree",
        SAMPLES,
        quality.CodedRow,
        from_samples.coded,
        quality.praise,
        proxy=NOT_EVERYBODY,
    ),
    Rule(
        "criticism",
        "Criticism, as people read it",
        "%",
        "messages read as criticism ÷ messages of the sample; said as an interval, with how far two readers agree",
        SAMPLES,
        quality.CodedRow,
        from_samples.coded,
        quality.criticism,
        better="down",
        proxy=NOT_EVERYBODY,
    ),
    Rule(
        "praise_to_criticism",
        "Praise for each criticism",
        "to 1",
        "messages read as praise ÷ messages read as criticism",
        SAMPLES,
        quality.CodedRow,
        from_samples.coded,
        quality.praise_to_criticism,
        proxy=NOT_EVERYBODY,
    ),
    Rule(
        "recall",
        "Knew what we say",
        "%",
        "residents who knew ÷ residents who were asked; said as an interval",
        "what residents were asked about campaigns, with day, place and source",
        behaviour.RecallRow,
        from_campaigns.recalls,
        behaviour.recall,
        proxy="To say that one has heard of it is not to have understood it, and who was asked is not everybody.",
    ),
    Rule(
        "put_right",
        "Mistakes put right visibly",
        "%",
        "mistakes corrected where people could see it ÷ mistakes that were noted",
        "the log of corrections",
        quality.CorrectionRow,
        from_corrections.corrections,
        quality.put_right,
    ),
    Rule(
        "cost_per_outcome",
        "Cost of a result that was paid for",
        "money each",
        "money spent on paid promotion ÷ its results, of one kind of result",
        "the paid register",
        paid.PaidRow,
        from_paid.paid,
        paid.cost_per_outcome,
        apart=True,
        better="down",
    ),
]
