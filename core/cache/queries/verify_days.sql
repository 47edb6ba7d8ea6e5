-- Question: which day rows are not what the transactions add up to, or are there twice or not at all?
-- Columns: date, account_id, currency, kind, rated, rows, inflow, outflow, posted, home_inflow, home_outflow
WITH made AS (
    SELECT date, account_id, currency, kind, home IS NOT NULL AS rated, count(*) AS rows,
        coalesce(sum(amount) FILTER (amount > 0), 0)::DECIMAL(38, 4) AS inflow,
        coalesce(sum(amount) FILTER (amount < 0), 0)::DECIMAL(38, 4) AS outflow,
        coalesce(sum(amount) FILTER (NOT pending), 0)::DECIMAL(38, 4) AS posted,
        coalesce(sum(home) FILTER (amount > 0), 0)::DECIMAL(38, 4) AS home_inflow,
        coalesce(sum(home) FILTER (amount < 0), 0)::DECIMAL(38, 4) AS home_outflow
    FROM transactions
    GROUP BY ALL
)
(SELECT * FROM made EXCEPT ALL SELECT * FROM days)
UNION ALL
(SELECT * FROM days EXCEPT ALL SELECT * FROM made);
