-- Question: what went to some merchants in each month of a period, in the currency of totals?
-- Parameters: accounts (ids), names (as lists show them), since, until
-- Columns: name, month, spent (positive: money out less refunds), rows, first_date, last_date (within the month)
SELECT name, date_trunc('month', date)::DATE AS month, -sum(home)::DECIMAL(38, 4), count(*), min(date), max(date)
FROM transactions
WHERE kind = 'spending' AND home IS NOT NULL AND date BETWEEN $since AND $until
    AND name IN (SELECT unnest($names::VARCHAR[]))
    AND list_contains($accounts::INTEGER[], account_id)
GROUP BY name, month
ORDER BY name, month;
