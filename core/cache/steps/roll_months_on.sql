-- Step: take the rows in `leaving` out of the month rows, and those in `arrived` into them. What stays as it is, is not
-- written anew: most edits move no money.
CREATE OR REPLACE TEMP TABLE delta AS
SELECT date_trunc('month', date)::DATE AS month, account_id, currency, category_id, kind, hidden,
    home IS NOT NULL AS rated, sum(sign) AS rows, sum(sign * amount) AS total, coalesce(sum(sign * home), 0) AS home
FROM (
    SELECT 1 AS sign, date, account_id, currency, category_id, kind, hidden, amount, home FROM arrived
    UNION ALL
    SELECT -1, date, account_id, currency, category_id, kind, hidden, amount, home FROM leaving
)
GROUP BY ALL
HAVING sum(sign) <> 0 OR sum(sign * amount) <> 0 OR sum(sign * home) <> 0;
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
DROP TABLE delta;
DROP TABLE rolled;
