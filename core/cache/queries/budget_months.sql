-- Question: what came in and was spent in each calendar month, by category?
-- Parameters: since, until (first days of the first and the last month)
-- Columns: month, category_id, currency, kind, hidden, rows, total (negative is money out; in the currency of totals where
--   there is a rate, else in its own)
WITH counted AS (
    SELECT month, category_id, CASE WHEN rated THEN (SELECT home FROM lineage) ELSE currency END AS currency, kind, hidden,
        rows, CASE WHEN rated THEN home ELSE total END AS total
    FROM months
    WHERE month BETWEEN $since AND $until AND kind <> 'transfer'
        AND account_id IN (SELECT id FROM accounts WHERE NOT hidden)
)
SELECT month, category_id, currency, kind, hidden, sum(rows)::BIGINT, sum(total)::DECIMAL(38, 4)
FROM counted
GROUP BY month, category_id, currency, kind, hidden
ORDER BY ALL;
