-- Question: how many of the filtered transactions lie on each day, and what do all of them add up to?
-- Parameters: see filtered_page; abroad_since (from which day on the days of other currencies are told; NULL for none)
-- Columns: date, currency, rows, inflow, outflow, home_inflow, home_outflow, unrated; first a line without a date for each
--   currency, with the sums of all its days; then a line for each day without a currency and sums, newest day first, and
--   after a day one for each currency that is not that of totals. Sums by day, or days by currency, would take twice as
--   long.
WITH lines AS MATERIALIZED (
    SELECT t.date, t.currency, t.amount, t.home
    FROM filtered AS t
),
sums AS (
    SELECT currency, count(*) AS rows, sum(amount) AS net, sum(CASE WHEN amount > 0 THEN amount ELSE 0 END) AS inflow,
        coalesce(sum(home), 0) AS home_net, coalesce(sum(CASE WHEN home > 0 THEN home ELSE 0 END), 0) AS home_inflow,
        count(*) - count(home) AS unrated
    FROM lines
    GROUP BY currency
)
SELECT NULL::DATE AS date, currency, rows, inflow::DECIMAL(38, 4), (net - inflow)::DECIMAL(38, 4),
    home_inflow::DECIMAL(38, 4), (home_net - home_inflow)::DECIMAL(38, 4), unrated
FROM sums
UNION ALL
SELECT date, NULL, count(*), NULL, NULL, NULL, NULL, NULL
FROM lines
GROUP BY date
UNION ALL
SELECT date, currency, count(*), NULL, NULL, NULL, NULL, NULL
FROM lines
WHERE date >= $abroad_since AND currency <> (SELECT home FROM lineage)
GROUP BY date, currency
ORDER BY date DESC NULLS FIRST, currency NULLS FIRST;
