-- Step: take the rows in `leaving` out of the day rows, and those in `arrived` into them. What stays as it is, is not
-- written anew: most edits move no money.
CREATE OR REPLACE TEMP TABLE delta AS
SELECT date, account_id, currency, kind, rated, sum(rows) AS rows, sum(inflow) AS inflow, sum(outflow) AS outflow,
    sum(posted) AS posted, sum(home_inflow) AS home_inflow, sum(home_outflow) AS home_outflow
FROM (
    FROM summed_by_day('arrived')
    UNION ALL
    SELECT date, account_id, currency, kind, rated, -rows, -inflow, -outflow, -posted, -home_inflow, -home_outflow
    FROM summed_by_day('leaving')
)
GROUP BY date, account_id, currency, kind, rated
HAVING sum(rows) <> 0 OR sum(inflow) <> 0 OR sum(outflow) <> 0 OR sum(posted) <> 0 OR sum(home_inflow) <> 0
    OR sum(home_outflow) <> 0;
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
