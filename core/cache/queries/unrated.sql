-- Question: what came in and was spent in a period in currencies that have no rate into that of totals?
-- Parameters: accounts (ids), since, until
-- Columns: currency, income, spending (negative)
SELECT currency,
    coalesce(sum(inflow + outflow) FILTER (kind = 'income'), 0)::DECIMAL(38, 4),
    coalesce(sum(inflow + outflow) FILTER (kind = 'spending'), 0)::DECIMAL(38, 4)
FROM days
WHERE kind <> 'transfer' AND NOT rated AND date BETWEEN $since AND $until
    AND list_contains($accounts::INTEGER[], account_id)
GROUP BY currency
ORDER BY currency;
