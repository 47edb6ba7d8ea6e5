-- Question: what came in, was spent and moved in each month, but for what recurs, in the currency of totals?
-- Parameters: since, until (days, both included), recurring (ids of transactions to be left out)
-- Columns: month, group_id (the primary category; NULL without one), kind, spendable (whether it is on a checking, savings
--   or cash account), rows, total (negative is money out), unrated (lines without an amount in the currency of totals)
WITH counted AS (
    SELECT date_trunc('month', t.date)::DATE AS month, t.category_id, t.kind,
        a.type IN ('checking', 'savings', 'cash') AS spendable, t.home
    FROM transactions AS t
    JOIN accounts AS a ON a.id = t.account_id AND NOT a.hidden
    WHERE t.date BETWEEN $since AND $until AND t.id NOT IN (SELECT unnest($recurring::INTEGER[]))
)
SELECT n.month, g.id, n.kind::VARCHAR, n.spendable, count(*), coalesce(sum(n.home), 0)::DECIMAL(38, 4),
    count(*) - count(n.home)
FROM counted AS n
LEFT JOIN categories AS c ON c.id = n.category_id
LEFT JOIN categories AS g ON g.code = c.group_code AND g.id < 1000
GROUP BY n.month, g.id, n.kind, n.spendable
ORDER BY ALL;
