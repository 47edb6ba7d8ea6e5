-- Question: which transactions may be part of something that comes again?
-- Columns: id, account_id, date, amount, currency, name, words, category, kind, pending, refund
-- Rule: a split one counts as the whole that was paid. `words` are the bank's, folded; a note of the person's follows
-- them.
SELECT t.id, any_value(t.account_id), any_value(t.date), sum(t.amount)::DECIMAL(18, 4), any_value(t.currency),
    any_value(t.name), any_value(substr(t.search, length(folded(t.name)) + 2)), coalesce(min_by(c.code, t.part), ''),
    min_by(t.kind, t.part)::VARCHAR, bool_or(t.pending), bool_or(t.paired = 'refund')
FROM transactions AS t
JOIN accounts AS a ON a.id = t.account_id AND NOT a.hidden
LEFT JOIN categories AS c ON c.id = t.category_id
GROUP BY t.id
ORDER BY t.id;
