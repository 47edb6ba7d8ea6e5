-- Question: which month rows are not what the transactions add up to, or are there twice or not at all?
-- Columns: month, account_id, currency, category_id, kind, hidden, rated, rows, total, home
WITH made AS (
    SELECT date_trunc('month', date)::DATE AS month, account_id, currency, category_id, kind, hidden,
        home IS NOT NULL AS rated, count(*) AS rows, sum(amount)::DECIMAL(38, 4) AS total, coalesce(sum(home), 0)::DECIMAL(38, 4) AS home
    FROM transactions
    GROUP BY ALL
)
(SELECT * FROM made EXCEPT ALL SELECT * FROM months)
UNION ALL
(SELECT * FROM months EXCEPT ALL SELECT * FROM made);
