-- Question: what came in and went out month by month, in the currency of totals?
-- Parameters: since, until (first days of the first and last month)
-- Columns: month, income, spending (spending is negative)
SELECT month,
    coalesce(sum(home) FILTER (kind = 'income'), 0)::DECIMAL(38, 4),
    coalesce(sum(home) FILTER (kind = 'spending'), 0)::DECIMAL(38, 4)
FROM months
WHERE rated AND month BETWEEN $since AND $until
    AND account_id IN (SELECT id FROM accounts WHERE NOT hidden)
GROUP BY month
ORDER BY month;
