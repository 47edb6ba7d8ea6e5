-- What is sent of the balances that were told, each also at its day's rate.
WITH told AS (
    SELECT b.account_id, a.name AS account, a.type AS account_type, a.hidden AS account_hidden, b.day AS date,
        b.current AS balance, a.currency
    FROM balances AS b
    JOIN accounts AS a ON a.id = b.account_id
)
SELECT t.account_id, t.account, t.account_type, t.account_hidden, t.date, t.balance, t.currency,
    CASE
        WHEN t.currency = (SELECT home FROM lineage) THEN t.balance
        ELSE converted(CAST(t.balance * 10000 AS DECIMAL(18, 0)), r.times, r.per)
    END AS home_balance
FROM told AS t
ASOF LEFT JOIN rates AS r ON r.currency = t.currency AND r.since <= t.date
ORDER BY t.date, t.account_id;
