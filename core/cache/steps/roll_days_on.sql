-- Step: take the rows in `leaving` out of the day rows, and those in `arrived` into them. What stays as it is, is not
-- written anew: most edits move no money.
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
CREATE OR REPLACE TEMP TABLE rolled AS
SELECT date, account_id, currency, kind, rated, sum(rows)::BIGINT AS rows, sum(inflow), sum(outflow), sum(posted),
    sum(home_inflow), sum(home_outflow)
FROM (
    SELECT o.*
    FROM days AS o
    SEMI JOIN delta USING (date, account_id, currency, kind, rated)
    UNION ALL
    FROM delta
)
GROUP BY date, account_id, currency, kind, rated
HAVING sum(rows) > 0;
DELETE FROM days AS o USING delta AS d
WHERE o.date = d.date AND o.account_id = d.account_id AND o.currency = d.currency AND o.kind = d.kind
    AND o.rated = d.rated;
INSERT INTO days SELECT * FROM rolled ORDER BY ALL;
DROP TABLE delta;
DROP TABLE rolled;
