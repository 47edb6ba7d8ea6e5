-- Question: what came in and went out in two periods, by currency?
-- Parameters: since, until (this period), before_since, before_until (the one to compare with); all included
-- Columns: currency, income, spending, income_before, spending_before (spending is negative; refunds count against it)
SELECT currency,
    coalesce(sum(inflow + outflow) FILTER (kind = 'income' AND date BETWEEN $since AND $until), 0)::DECIMAL(38, 4),
    coalesce(sum(inflow + outflow) FILTER (kind = 'spending' AND date BETWEEN $since AND $until), 0)::DECIMAL(38, 4),
    coalesce(sum(inflow + outflow) FILTER (kind = 'income' AND date BETWEEN $before_since AND $before_until), 0)
        ::DECIMAL(38, 4),
    coalesce(sum(inflow + outflow) FILTER (kind = 'spending' AND date BETWEEN $before_since AND $before_until), 0)
        ::DECIMAL(38, 4)
FROM days
WHERE date BETWEEN least($since, $before_since) AND greatest($until, $before_until)
    AND account_id IN (SELECT id FROM accounts WHERE NOT hidden)
GROUP BY currency
ORDER BY currency;
