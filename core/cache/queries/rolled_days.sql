-- Question: the same as filtered_days, where only accounts, days or kinds are filtered: what is kept by day knows these.
-- Parameters: accounts, since, until, kinds; each NULL when not filtered; abroad_since (see filtered_days)
-- Columns: date, currency, rows, inflow, outflow, home_inflow, home_outflow, unrated; see filtered_days
WITH kept AS MATERIALIZED (
    SELECT date, currency, rated, rows, inflow, outflow, home_inflow, home_outflow
    FROM days
    WHERE ($accounts IS NULL OR list_contains($accounts::INTEGER[], account_id))
        AND ($since IS NULL OR date >= $since)
        AND ($until IS NULL OR date <= $until)
        AND ($kinds IS NULL OR list_contains($kinds::money_kind[], kind))
)
SELECT NULL::DATE AS date, currency, sum(rows)::BIGINT AS rows, sum(inflow)::DECIMAL(38, 4), sum(outflow)::DECIMAL(38, 4),
    sum(home_inflow)::DECIMAL(38, 4), sum(home_outflow)::DECIMAL(38, 4),
    coalesce(sum(rows) FILTER (NOT rated), 0)::BIGINT
FROM kept
GROUP BY currency
UNION ALL
SELECT date, NULL, sum(rows)::BIGINT, NULL, NULL, NULL, NULL, NULL
FROM kept
GROUP BY date
UNION ALL
SELECT date, currency, sum(rows)::BIGINT, NULL, NULL, NULL, NULL, NULL
FROM kept
WHERE date >= $abroad_since AND currency <> (SELECT home FROM lineage)
GROUP BY date, currency
ORDER BY date DESC NULLS FIRST, currency NULLS FIRST;
