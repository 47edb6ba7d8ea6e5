-- Step: make `delta` of what the rows in `leaving` and `arrived` change in the day rows; most edits move no money.
CREATE OR REPLACE TEMP TABLE delta AS
SELECT date, account_id, currency, kind, home IS NOT NULL AS rated, sum(sign) AS rows,
    coalesce(sum(sign * amount) FILTER (amount > 0), 0) AS inflow,
    coalesce(sum(sign * amount) FILTER (amount < 0), 0) AS outflow,
    coalesce(sum(sign * amount) FILTER (NOT pending), 0) AS posted,
    coalesce(sum(sign * home) FILTER (amount > 0), 0) AS home_inflow,
    coalesce(sum(sign * home) FILTER (amount < 0), 0) AS home_outflow
FROM (
    SELECT 1 AS sign, date, account_id, currency, kind, pending, amount, home FROM arrived
    UNION ALL
    SELECT -1, date, account_id, currency, kind, pending, amount, home FROM leaving
)
GROUP BY ALL
HAVING rows <> 0 OR inflow <> 0 OR outflow <> 0 OR posted <> 0 OR home_inflow <> 0 OR home_outflow <> 0;
