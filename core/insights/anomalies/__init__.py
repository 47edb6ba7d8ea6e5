"""Unusual purchases: found by robust statistics and an isolation forest, each with its reason in words."""

from core.insights.anomalies.detecting import ReasonKind
from core.insights.anomalies.evidence import gather
from core.insights.anomalies.finding import Anomaly, find_anomalies
from core.insights.anomalies.purchases import Purchases, purchases_of
from core.insights.anomalies.scoring import scores
from core.insights.anomalies.wording import CURRENCY_OF, reason_words

__all__ = [
    "CURRENCY_OF",
    "Anomaly",
    "Purchases",
    "ReasonKind",
    "find_anomalies",
    "gather",
    "purchases_of",
    "reason_words",
    "scores",
]
