-- Step: bring the day rows up by `delta`. What stays as it is, is not written anew.
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
DROP TABLE rolled;
