-- Question: what came in and was spent in each month of a period on some accounts, in the currency of totals?
-- Parameters: accounts (ids), since, until (days, both included; the first and the last month may be cut)
-- Columns: month, income, spending (negative); a month of transfers alone has neither
SELECT date_trunc('month', date)::DATE AS month,
    coalesce(sum(home_inflow + home_outflow) FILTER (kind = 'income'), 0)::DECIMAL(38, 4),
    coalesce(sum(home_inflow + home_outflow) FILTER (kind = 'spending'), 0)::DECIMAL(38, 4)
FROM days
WHERE rated AND date BETWEEN $since AND $until
    AND list_contains($accounts::INTEGER[], account_id)
GROUP BY month
ORDER BY month;
