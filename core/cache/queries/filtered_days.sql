-- Question: how many of the filtered transactions lie on each day, and what do all of them add up to?
-- Parameters: see filtered_page
-- Columns: date, currency, rows, inflow, outflow, home_inflow, home_outflow, unrated; first a line without a date for each
--   currency, with the sums of all its days; then a line for each day and currency without sums, newest day first.
--   Sums by day would take twice as long.
WITH lines AS MATERIALIZED (
    SELECT t.date, t.currency, t.amount, t.home
    FROM filtered(
        $accounts, $categories, $since, $until, $least, $most, $pending, $kinds, $text, $tags, $hidden, $split, $merchant,
        $currency, $weekday, $tagged
    ) AS t
)
SELECT NULL::DATE AS date, currency, count(*) AS rows,
    coalesce(sum(amount) FILTER (amount > 0), 0)::DECIMAL(38, 4),
    coalesce(sum(amount) FILTER (amount < 0), 0)::DECIMAL(38, 4),
    coalesce(sum(home) FILTER (amount > 0), 0)::DECIMAL(38, 4),
    coalesce(sum(home) FILTER (amount < 0), 0)::DECIMAL(38, 4),
    count(*) - count(home)
FROM lines
GROUP BY currency
UNION ALL
SELECT date, currency, count(*), NULL, NULL, NULL, NULL, NULL
FROM lines
GROUP BY date, currency
ORDER BY date DESC NULLS FIRST, currency;
