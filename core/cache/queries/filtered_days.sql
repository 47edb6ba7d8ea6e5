-- Question: how many of the filtered transactions lie on each day, and what do they add up to?
-- Parameters: see filtered_page
-- Columns: date, currency, rows, inflow, outflow, home_inflow, home_outflow, unrated; newest day first
SELECT t.date, t.currency, count(*),
    coalesce(sum(t.amount) FILTER (t.amount > 0), 0)::DECIMAL(38, 4),
    coalesce(sum(t.amount) FILTER (t.amount < 0), 0)::DECIMAL(38, 4),
    coalesce(sum(t.home) FILTER (t.amount > 0), 0)::DECIMAL(38, 4),
    coalesce(sum(t.home) FILTER (t.amount < 0), 0)::DECIMAL(38, 4), count(*) - count(t.home)
FROM transactions AS t
WHERE t.account_id IN (SELECT id FROM accounts WHERE NOT hidden)
    AND ($accounts IS NULL OR t.account_id IN (SELECT unnest($accounts::INTEGER[])))
    AND ($categories IS NULL OR coalesce(t.category_id, 0) IN (
        SELECT unnest($categories::INTEGER[])
        UNION ALL
        SELECT c.id FROM categories AS c JOIN categories AS g ON g.code = c.group_code AND g.id < 1000
        WHERE g.id IN (SELECT unnest($categories::INTEGER[])) AND g.code = g.group_code
    ))
    AND ($since IS NULL OR t.date >= $since)
    AND ($until IS NULL OR t.date <= $until)
    AND ($least IS NULL OR abs(t.amount) >= $least)
    AND ($most IS NULL OR abs(t.amount) <= $most)
    AND ($pending IS NULL OR t.pending = $pending)
    AND ($kind IS NULL OR t.kind = $kind)
    AND ($text IS NULL OR contains(t.search, folded($text)))
    AND ($tags IS NULL OR list_has_any(t.tags, $tags::VARCHAR[]))
    AND ($hidden IS NULL OR t.hidden = $hidden)
    AND ($split IS NULL OR (t.part > 0) = $split)
GROUP BY t.date, t.currency
ORDER BY t.date DESC, t.currency;
