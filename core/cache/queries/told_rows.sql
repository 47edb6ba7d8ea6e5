-- Question: what are some transactions, as far as they are told of?
-- Parameters: ids, since (none of them is older)
-- Columns: id, date, name, amount (negative is money out, of a split one the whole), currency, account_id, account,
--   category, pending
SELECT t.id, any_value(t.date), any_value(t.name), sum(t.amount)::DECIMAL(18, 4), any_value(t.currency),
    any_value(t.account_id), any_value(a.name), coalesce(min_by(c.title, t.part), 'Uncategorised'), bool_or(t.pending)
FROM transactions AS t
JOIN accounts AS a ON a.id = t.account_id AND NOT a.hidden
LEFT JOIN categories AS c ON c.id = t.category_id
WHERE t.date >= $since AND list_contains($ids::INTEGER[], t.id)
GROUP BY t.id
ORDER BY t.id;
