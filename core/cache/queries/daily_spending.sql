-- Question: what was spent on each day?
-- Parameters: currency; since, until
-- Columns: date, spent (positive: money out less refunds)
SELECT date, -sum(inflow + outflow)::DECIMAL(38, 4)
FROM days
WHERE kind = 'spending' AND currency = $currency AND date BETWEEN $since AND $until
    AND account_id IN (SELECT id FROM accounts WHERE NOT hidden)
GROUP BY date
ORDER BY date;
