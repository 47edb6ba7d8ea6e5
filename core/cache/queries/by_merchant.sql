-- Question: to whom did the most money go in a period, and what went to them in another, in the currency of totals?
-- Parameters: accounts (ids), since, until (this period), before_since, before_until (the one to compare with), text (part of
--   the name, folded as it is searched; NULL for all), count (how many)
-- Columns: name, spent, before (positive: money out less refunds), rows, rows_before, merchants (how many there are in all),
--   last_seen (in the period)
-- Rule: who it went to is the name that the list shows; those without a row in the first period are left out.
WITH spent AS (
    SELECT name,
        coalesce(-sum(home) FILTER (date BETWEEN $since AND $until), 0)::DECIMAL(38, 4) AS now,
        coalesce(-sum(home) FILTER (date BETWEEN $before_since AND $before_until), 0)::DECIMAL(38, 4) AS before,
        count(*) FILTER (date BETWEEN $since AND $until) AS rows,
        count(*) FILTER (date BETWEEN $before_since AND $before_until) AS rows_before,
        max(date) FILTER (date BETWEEN $since AND $until) AS last_seen
    FROM transactions
    WHERE kind = 'spending' AND home IS NOT NULL
        AND (date BETWEEN $since AND $until OR date BETWEEN $before_since AND $before_until)
        AND list_contains($accounts::INTEGER[], account_id)
    GROUP BY name
    HAVING rows > 0
)
SELECT name, now, before, rows, rows_before, count(*) OVER (), last_seen
FROM spent
WHERE $text IS NULL OR contains(folded(name), folded($text))
ORDER BY now DESC, name
LIMIT $count;
