-- Question: what was spent on each day, in the currency of totals?
-- Parameters: since, until
-- Columns: date, spent (positive: money out less refunds)
SELECT date, -sum(home_inflow + home_outflow)::DECIMAL(38, 4)
FROM days
WHERE kind = 'spending' AND rated AND date BETWEEN $since AND $until
    AND account_id IN (SELECT id FROM accounts WHERE NOT hidden)
GROUP BY date
ORDER BY date;
