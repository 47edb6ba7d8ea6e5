-- Question: on which groups of categories was money spent in two periods, in the currency of totals?
-- Parameters: since, until (this period), before_since, before_until (the one to compare with)
-- Columns: group_id, group_title, icon, spent, spent_before, rows (spent is positive: money out less refunds)
WITH spent AS (
    SELECT category_id,
        -coalesce(sum(home) FILTER (date BETWEEN $since AND $until), 0)::DECIMAL(38, 4) AS now,
        -coalesce(sum(home) FILTER (date BETWEEN $before_since AND $before_until), 0)::DECIMAL(38, 4) AS before,
        count(*) FILTER (date BETWEEN $since AND $until) AS rows
    FROM transactions
    WHERE kind = 'spending' AND home IS NOT NULL
        AND date BETWEEN least($since, $before_since) AND greatest($until, $before_until)
        AND account_id IN (SELECT id FROM accounts WHERE NOT hidden)
    GROUP BY category_id
)
SELECT g.id, coalesce(g.title, 'Uncategorised'), coalesce(g.icon, 'help'),
    sum(s.now)::DECIMAL(38, 4) AS spent, sum(s.before)::DECIMAL(38, 4), sum(s.rows)::BIGINT
FROM spent AS s
LEFT JOIN categories AS c ON c.id = s.category_id
LEFT JOIN categories AS g ON g.code = c.group_code
GROUP BY g.id, g.title, g.icon
HAVING spent <> 0 OR sum(s.before) <> 0
ORDER BY spent DESC, g.id;
