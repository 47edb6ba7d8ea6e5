-- Question: which month rows are not what the transactions add up to, or are there twice or not at all?
-- Columns: month, account_id, currency, category_id, kind, hidden, rows, total
WITH made AS (
    SELECT date_trunc('month', date)::DATE AS month, account_id, currency, category_id, kind, hidden,
        count(*) AS rows, sum(amount)::DECIMAL(38, 4) AS total
    FROM transactions
    GROUP BY ALL
)
(SELECT * FROM made EXCEPT ALL SELECT * FROM months)
UNION ALL
(SELECT * FROM months EXCEPT ALL SELECT * FROM made);
