-- Step: bring the month rows up by `delta`. What stays as it is, is not written anew.
CREATE OR REPLACE TEMP TABLE rolled AS
SELECT month, account_id, currency, category_id, kind, hidden, rated, sum(rows)::BIGINT AS rows, sum(total), sum(home)
FROM (
    SELECT o.*
    FROM months AS o
    SEMI JOIN delta AS d
    ON o.month = d.month AND o.account_id = d.account_id AND o.currency = d.currency AND o.kind = d.kind
        AND o.category_id IS NOT DISTINCT FROM d.category_id AND o.hidden = d.hidden AND o.rated = d.rated
    UNION ALL
    FROM delta
)
GROUP BY month, account_id, currency, category_id, kind, hidden, rated
HAVING sum(rows) > 0;
DELETE FROM months AS o USING delta AS d
WHERE o.month = d.month AND o.account_id = d.account_id AND o.currency = d.currency AND o.kind = d.kind
    AND o.category_id IS NOT DISTINCT FROM d.category_id AND o.hidden = d.hidden AND o.rated = d.rated;
INSERT INTO months SELECT * FROM rolled ORDER BY ALL;
DROP TABLE rolled;
