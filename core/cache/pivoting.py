"""The one question whose SQL is composed: lines gathered by up to three dimensions, their sums, and what is the rest.

What is composed comes from the fixed words below, never from a person: values are always parameters.
"""

from dataclasses import dataclass
from typing import Final, Literal

Dimension = Literal[
    "category", "group", "merchant", "account", "institution", "tag", "currency", "kind", "need",
    "weekday", "day", "week", "month", "quarter", "year",
]  # fmt: skip
Ranking = Literal["spent", "income", "net", "lines", "average", "largest"]

_KEYS: Final[dict[Dimension, str]] = {
    "category": "coalesce(l.category_id, 0)",
    "group": "coalesce(g.id, 0)",
    "merchant": "l.name",
    "account": "l.account_id",
    "institution": "coalesce(i.institution, '')",
    "tag": "l.tag",
    "currency": "l.currency",
    "kind": "l.kind",
    "need": "coalesce(c.need, '')",
    "weekday": "isodow(l.date)",
    "day": "l.at",
    "week": "(l.at - ((isodow(l.at) + 6 - $week_start) % 7)::INTEGER)::DATE",
    "month": "date_trunc('month', l.at)::DATE",
    "quarter": "date_trunc('quarter', l.at)::DATE",
    "year": "date_trunc('year', l.at)::DATE",
}
TIMES: Final[frozenset[Dimension]] = frozenset(("day", "week", "month", "quarter", "year"))
"""Dimensions whose keys are days, in their order: the first day of each."""
_JOINS: Final[tuple[tuple[frozenset[Dimension], str], ...]] = (
    (frozenset(("group", "need")), "LEFT JOIN categories AS c ON c.id = l.category_id"),
    (frozenset(("group",)), "LEFT JOIN categories AS g ON g.code = c.group_code"),
    (frozenset(("institution",)), "LEFT JOIN accounts AS a ON a.id = l.account_id"),
    (frozenset(("institution",)), "LEFT JOIN items AS i ON i.id = a.item_id"),
)
_SPENT: Final = "-sum(home) FILTER (kind = 'spending'{0})"
_PURCHASES: Final = "sum(rated) FILTER (kind = 'spending'{0})"
SUMS: Final[tuple[str, ...]] = (
    _SPENT,
    "sum(home) FILTER (kind = 'income'{0})",
    "sum(lines) FILTER (TRUE{0})",
    _PURCHASES,
    "max(-least) FILTER (kind = 'spending'{0})",
)
"""What is summed, in order: spent, income, lines, how many of those are spending, and the largest of them."""
_RANKINGS: Final[dict[Ranking, str]] = {
    "spent": _SPENT,
    "income": SUMS[1],
    "net": "sum(home) FILTER (kind <> 'transfer'{0})",
    "lines": SUMS[2],
    "average": f"({_SPENT}) / nullif({_PURCHASES}, 0)",
    "largest": SUMS[4],
}
_LINES: Final = (
    "SELECT t.date, {at} AS at, {now} AS now, t.kind::VARCHAR AS kind, t.name, t.account_id, t.category_id, t.currency,"
    " t.tags, t.home FROM {lines} AS t"
    " WHERE $counted IS NULL OR list_contains($counted::VARCHAR[], t.kind::VARCHAR)"
)
_TAGS: Final = (
    "SELECT *, unnest(told_tags) AS tag, unnest(range(len(told_tags))) AS place FROM (SELECT *, CASE"
    " WHEN len(tags) = 0 THEN [''] WHEN $tags IS NULL THEN tags"
    " ELSE list_filter(tags, lambda one: list_contains($tags::VARCHAR[], one)) END AS told_tags FROM lines)"
)


@dataclass(frozen=True, slots=True)
class PivotQuestion:
    """Sums of filtered lines by one or two dimensions of rows, and one of columns.

    Parameters: those of `filtered_page` without its page; `counted` (a list of kinds, NULL for all), `week_start` (0 is
    Monday), `shown_rows`, `shown_under`, `shown_columns` (how many of each are told apart), and with `compared`:
    before_since, before_until, shift_months, shift_days (from an earlier day to the one that it stands beside).
    Columns: for each dimension its key as text (NULL for the rest); for each whether the line sums over it (0 or 1);
    the five of `SUMS`; with `compared` the same five of the period before.
    Rule: of days the latest are told apart, else those largest by `ranking`. A line with several tags counts under
    each, and once where tags are summed over.
    """

    rows: tuple[Dimension, ...]
    columns: Dimension | None
    ranking: Ranking
    compared: bool = False

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """Return all dimensions, that of the columns last."""
        return (*self.rows, self.columns) if self.columns else self.rows

    def __str__(self) -> str:
        """Return what it is called where it fails."""
        return f"a pivot by {', '.join(self.dimensions)}"

    @property
    def text(self) -> str:
        """Return the SQL."""
        keys = [f"k{place}" for place in range(len(self.dimensions))]
        parts = [
            f"lines AS MATERIALIZED ({self._lines()})",
            f"told AS MATERIALIZED ({self._told(keys)})",
            *(f"ranks_{key} AS ({self._ranks(place, key)})" for place, key in enumerate(keys)),
            f"placed AS ({self._placed(keys)})",
        ]
        sums = [self._sum(one, keys, now) for now in self._nows for one in SUMS]
        told = ", ".join(f"{key}::VARCHAR" for key in keys)
        grouped = ", ".join(f"grouping({key})" for key in keys)
        return (
            f"WITH {', '.join(parts)} SELECT {told}, {grouped}, {', '.join(sums)}"  # noqa: S608 - fixed words
            f" FROM placed GROUP BY GROUPING SETS ({', '.join(self._sets(keys))})"
        )

    @property
    def _nows(self) -> tuple[str, ...]:
        return (" AND now", " AND NOT now") if self.compared else ("",)

    def _lines(self) -> str:
        now = _LINES.format(at="t.date", now="TRUE", lines="filtered")
        if not self.compared:
            return now
        at = "(t.date + to_months($shift_months::INTEGER) + to_days($shift_days::INTEGER))::DATE"
        before = _LINES.format(at=at, now="FALSE", lines="filtered_before")
        return f"{now} UNION ALL {before}"

    def _told(self, keys: list[str]) -> str:
        used = set(self.dimensions)
        joins = " ".join(join for needed, join in _JOINS if needed & used)
        named = ", ".join(f"{_KEYS[dimension]} AS {key}" for dimension, key in zip(self.dimensions, keys, strict=True))
        source, once = (f"({_TAGS})", "l.place = 0") if "tag" in used else ("lines", "TRUE")
        return (
            f"SELECT {named}, {once} AS once, l.now, l.kind, sum(l.home) AS home, count(*) AS lines,"  # noqa: S608 - fixed words
            f" count(l.home) AS rated, min(l.home) AS least FROM {source} AS l {joins} GROUP BY ALL"
        )

    def _ranks(self, place: int, key: str) -> str:
        under = "k0, " if place == 1 and len(self.rows) == 2 else ""
        partition = "PARTITION BY k0 " if under else ""
        if self.dimensions[place] in TIMES:
            order = f"{key} DESC"
        else:
            # Within one tag, and among tags, every line is there once; else one with several is there for each.
            by_tag = self.dimensions[place] == "tag" or (under and self.rows[0] == "tag")
            now = " AND now" if by_tag else " AND now AND once"
            order = f"abs({_RANKINGS[self.ranking].format(now)}) DESC NULLS LAST, {key}"
        return (
            f"SELECT {under}{key}, row_number() OVER ({partition}ORDER BY {order}) AS rank"  # noqa: S608 - fixed words
            f" FROM told GROUP BY {under}{key}"
        )

    def _placed(self, keys: list[str]) -> str:
        shown = ["$shown_rows", *(["$shown_under"] if len(self.rows) == 2 else []), "$shown_columns"]
        columns, joins = [], []
        for place, (key, most) in enumerate(zip(keys, shown, strict=False)):
            under = place == 1 and len(self.rows) == 2
            beside = " AND r1.k0 = t.k0" if under else ""
            joins.append(f"JOIN ranks_{key} AS r{place} ON r{place}.{key} = t.{key}{beside}")
            # What lies under the rest of the first is not told apart.
            whole = " AND r0.rank <= $shown_rows" if under else ""
            columns.append(f"CASE WHEN r{place}.rank <= {most}{whole} THEN t.{key} END AS {key}")
        return f"SELECT {', '.join(columns)}, t.* EXCLUDE ({', '.join(keys)}) FROM told AS t {' '.join(joins)}"  # noqa: S608

    def _sum(self, one: str, keys: list[str], now: str) -> str:
        if "tag" not in self.dimensions:
            return one.format(now)
        key = keys[self.dimensions.index("tag")]
        once = one.format(f"{now} AND once")
        return f"CASE WHEN grouping({key}) = 1 THEN {once} ELSE {one.format(now)} END"

    def _sets(self, keys: list[str]) -> list[str]:
        rows = [keys[: count + 1] for count in range(len(self.rows))]
        sets = [[], *rows]
        if self.columns:
            sets += [[keys[-1]], *([*one, keys[-1]] for one in rows)]
        return [f"({', '.join(one)})" for one in sets]
