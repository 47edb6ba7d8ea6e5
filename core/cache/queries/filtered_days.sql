-- Question: how many of the filtered transactions lie on each day, and what do they add up to?
-- Parameters: see filtered_page
-- Columns: date, currency, rows, inflow, outflow, home_inflow, home_outflow, unrated; newest day first
SELECT t.date, t.currency, count(*),
    coalesce(sum(t.amount) FILTER (t.amount > 0), 0)::DECIMAL(38, 4),
    coalesce(sum(t.amount) FILTER (t.amount < 0), 0)::DECIMAL(38, 4),
    coalesce(sum(t.home) FILTER (t.amount > 0), 0)::DECIMAL(38, 4),
    coalesce(sum(t.home) FILTER (t.amount < 0), 0)::DECIMAL(38, 4), count(*) - count(t.home)
FROM filtered(
    $accounts, $categories, $since, $until, $least, $most, $pending, $kind, $text, $tags, $hidden, $split
) AS t
GROUP BY t.date, t.currency
ORDER BY t.date DESC, t.currency;
