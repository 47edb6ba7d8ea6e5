-- Question: which transactions may be part of something that comes again?
-- Columns: id, account_id, day (days since 1970), units (of 1/10000, negative is money out), currency, name, words,
--   category, moved (whether it is a transfer), pending, refund
-- Rule: a split one counts as the whole that was paid. `words` are the bank's, folded; a note of the person's follows
--   them. Only what is split is brought together: to group all would take several times as long.
SELECT t.id, t.account_id, t.date - DATE '1970-01-01' AS day, (t.amount * 10000)::BIGINT AS units, t.currency,
    t.name, substr(t.search, length(folded(t.name)) + 2) AS words, coalesce(c.code, '') AS category,
    coalesce(t.kind = 'transfer', false) AS moved, t.pending,
    coalesce(t.paired = 'refund', false) AS refund
FROM transactions AS t
JOIN accounts AS a ON a.id = t.account_id AND NOT a.hidden
LEFT JOIN categories AS c ON c.id = t.category_id
WHERE t.part = 0
UNION ALL
SELECT t.id, any_value(t.account_id), any_value(t.date) - DATE '1970-01-01', (sum(t.amount) * 10000)::BIGINT,
    any_value(t.currency), any_value(t.name), any_value(substr(t.search, length(folded(t.name)) + 2)),
    coalesce(min_by(c.code, t.part), ''), coalesce(min_by(t.kind, t.part) = 'transfer', false), bool_or(t.pending),
    coalesce(bool_or(t.paired = 'refund'), false)
FROM transactions AS t
JOIN accounts AS a ON a.id = t.account_id AND NOT a.hidden
LEFT JOIN categories AS c ON c.id = t.category_id
WHERE t.part > 0
GROUP BY t.id
ORDER BY id;
