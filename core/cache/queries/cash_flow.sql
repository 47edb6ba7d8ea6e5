-- Question: what came in and went out month by month?
-- Parameters: currency; since, until (first days of the first and last month)
-- Columns: month, income, spending (spending is negative)
SELECT month,
    coalesce(sum(total) FILTER (kind = 'income'), 0)::DECIMAL(38, 4),
    coalesce(sum(total) FILTER (kind = 'spending'), 0)::DECIMAL(38, 4)
FROM months
WHERE currency = $currency AND month BETWEEN $since AND $until
    AND account_id IN (SELECT id FROM accounts WHERE NOT hidden)
GROUP BY month
ORDER BY month;
