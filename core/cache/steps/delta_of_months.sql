-- Step: make `delta` of what the rows in `leaving` and `arrived` change in the month rows; most edits move no money.
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
