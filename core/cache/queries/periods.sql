-- Question: what came in and went out in two periods, in the currency of totals, and apart what has no rate into it?
-- Parameters: since, until (this period), before_since, before_until (the one to compare with); all included
-- Columns: currency, income, spending, income_before, spending_before (spending is negative; refunds count against it)
WITH sums AS (
    SELECT CASE WHEN rated THEN (SELECT home FROM lineage) ELSE currency END AS currency, kind, date,
        CASE WHEN rated THEN home_inflow + home_outflow ELSE inflow + outflow END AS total
    FROM days
    WHERE date BETWEEN least($since, $before_since) AND greatest($until, $before_until)
        AND account_id IN (SELECT id FROM accounts WHERE NOT hidden)
)
SELECT currency,
    coalesce(sum(total) FILTER (kind = 'income' AND date BETWEEN $since AND $until), 0)::DECIMAL(38, 4),
    coalesce(sum(total) FILTER (kind = 'spending' AND date BETWEEN $since AND $until), 0)::DECIMAL(38, 4),
    coalesce(sum(total) FILTER (kind = 'income' AND date BETWEEN $before_since AND $before_until), 0)::DECIMAL(38, 4),
    coalesce(sum(total) FILTER (kind = 'spending' AND date BETWEEN $before_since AND $before_until), 0)::DECIMAL(38, 4)
FROM sums
GROUP BY currency
ORDER BY currency;
