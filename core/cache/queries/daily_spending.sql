-- Question: what was spent on each day on some accounts, in the currency of totals?
-- Parameters: accounts (ids), since, until
-- Columns: date, spent (positive: money out less refunds), rows
SELECT date, -sum(home_inflow + home_outflow)::DECIMAL(38, 4), sum(rows)::BIGINT
FROM days
WHERE kind = 'spending' AND rated AND date BETWEEN $since AND $until
    AND list_contains($accounts::INTEGER[], account_id)
GROUP BY date
ORDER BY date;
