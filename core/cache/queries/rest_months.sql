-- Question: what came in, was spent and moved in each month, but for what recurs, in the currency of totals?
-- Parameters: since, until (days, both included), recurring (ids of transactions to be left out), accounts (ids)
-- Columns: month, group_id (the primary category, NULL without one), kind, there
--   (whether it is on one of `accounts`), rows, total (negative is money out), unrated (lines without an amount in the
--   currency of totals)
WITH counted AS (
    SELECT date_trunc('month', t.date)::DATE AS month, t.category_id, t.kind,
        list_contains($accounts::INTEGER[], a.id) AS there, t.home
    FROM transactions AS t
    JOIN accounts AS a ON a.id = t.account_id AND NOT a.hidden
    WHERE t.date BETWEEN $since AND $until AND t.id NOT IN (SELECT unnest($recurring::INTEGER[]))
)
SELECT n.month, g.id, n.kind::VARCHAR, n.there, count(*), coalesce(sum(n.home), 0)::DECIMAL(38, 4),
    count(*) - count(n.home)
FROM counted AS n
LEFT JOIN categories AS c ON c.id = n.category_id
LEFT JOIN categories AS g ON g.code = c.group_code
GROUP BY ALL
ORDER BY ALL;
