-- Question: what was spent, and what came back of it?
-- Columns: id, day (days since 1970), units (of 1/10000, negative is money out), home (the same in the currency of
--   totals, 0 without a rate), rated (whether there is one), currency, account_id, name, category_id, category, pending,
--   refund
-- Rule: a split one counts as the whole that was paid, and has no category. What came in without a category may be what
--   came back. Only what is split is brought together: to group all would take several times as long.
SELECT t.id, t.date - DATE '1970-01-01' AS day, (t.amount * 10000)::BIGINT AS units,
    coalesce((t.home * 10000)::BIGINT, 0) AS home, t.home IS NOT NULL AS rated, t.currency, t.account_id, t.name,
    coalesce(t.category_id, 0) AS category_id, coalesce(c.title, '') AS category, t.pending,
    coalesce(t.paired = 'refund', false) AS refund
FROM transactions AS t
JOIN accounts AS a ON a.id = t.account_id AND NOT a.hidden
LEFT JOIN categories AS c ON c.id = t.category_id
WHERE t.part = 0 AND (t.kind = 'spending' OR (t.amount > 0 AND t.kind = 'income'))
UNION ALL
SELECT t.id, any_value(t.date) - DATE '1970-01-01', (sum(t.amount) * 10000)::BIGINT,
    coalesce((sum(t.home) * 10000)::BIGINT, 0), count(t.home) > 0, any_value(t.currency), any_value(t.account_id),
    any_value(t.name), 0, '', bool_or(t.pending), coalesce(bool_or(t.paired = 'refund'), false)
FROM transactions AS t
JOIN accounts AS a ON a.id = t.account_id AND NOT a.hidden
WHERE t.part > 0
GROUP BY t.id
HAVING bool_or(t.kind = 'spending') OR (sum(t.amount) > 0 AND bool_or(t.kind = 'income'))
ORDER BY id;
