-- Question: how many transactions lie on each day, and what do they add up to, when nothing is filtered?
-- Columns: date, currency, rows, inflow, outflow, home_inflow, home_outflow, unrated; newest day first
SELECT date, currency, sum(rows)::BIGINT, sum(inflow)::DECIMAL(38, 4), sum(outflow)::DECIMAL(38, 4),
    sum(home_inflow)::DECIMAL(38, 4), sum(home_outflow)::DECIMAL(38, 4),
    coalesce(sum(rows) FILTER (NOT rated), 0)::BIGINT
FROM days
WHERE account_id IN (SELECT id FROM accounts WHERE NOT hidden)
GROUP BY date, currency
ORDER BY date DESC, currency;
