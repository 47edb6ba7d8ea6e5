-- Question: what came in and was spent by category in two periods on some accounts, in the currency of totals?
-- Parameters: accounts (ids), since, until (this period), before_since, before_until (the one to compare with)
-- Columns: kind, category_id, title, icon, group_id, group_title, group_icon, total, before (negative is money out), rows,
--   rows_before
WITH sums AS (
    SELECT kind, category_id,
        coalesce(sum(home) FILTER (date BETWEEN $since AND $until), 0)::DECIMAL(38, 4) AS total,
        coalesce(sum(home) FILTER (date BETWEEN $before_since AND $before_until), 0)::DECIMAL(38, 4) AS before,
        count(*) FILTER (date BETWEEN $since AND $until) AS rows,
        count(*) FILTER (date BETWEEN $before_since AND $before_until) AS rows_before
    FROM transactions
    WHERE kind <> 'transfer' AND home IS NOT NULL
        AND (date BETWEEN $since AND $until OR date BETWEEN $before_since AND $before_until)
        AND list_contains($accounts::INTEGER[], account_id)
    GROUP BY kind, category_id
)
SELECT s.kind::VARCHAR, s.category_id, coalesce(c.title, 'Uncategorised'), coalesce(c.icon, 'help'),
    g.id, coalesce(g.title, 'Uncategorised'), coalesce(g.icon, 'help'), s.total, s.before, s.rows, s.rows_before
FROM sums AS s
LEFT JOIN categories AS c ON c.id = s.category_id
LEFT JOIN categories AS g ON g.code = c.group_code
ORDER BY s.kind, s.total, s.category_id;
