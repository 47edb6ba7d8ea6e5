-- Question: what was spent, and what came back of it?
-- Columns: id, day (days since 1970), units (of 1/10000, negative is money out), home (the same in the currency of
--   totals, NULL without a rate), currency, account_id, name, category_id, category, pending, paired
-- Rule: a split one counts as the whole that was paid, and has no category. What came in without a category may be what
--   came back.
SELECT t.id, any_value(t.date) - DATE '1970-01-01', (sum(t.amount) * 10000)::BIGINT, (sum(t.home) * 10000)::BIGINT,
    any_value(t.currency), any_value(t.account_id), any_value(t.name),
    CASE WHEN count(*) = 1 THEN coalesce(any_value(t.category_id), 0) ELSE 0 END,
    CASE WHEN count(*) = 1 THEN coalesce(any_value(c.title), '') ELSE '' END,
    bool_or(t.pending), any_value(t.paired)
FROM transactions AS t
JOIN accounts AS a ON a.id = t.account_id AND NOT a.hidden
LEFT JOIN categories AS c ON c.id = t.category_id
GROUP BY t.id
HAVING bool_or(t.kind = 'spending') OR (sum(t.amount) > 0 AND bool_or(t.kind = 'income'))
ORDER BY t.id;
