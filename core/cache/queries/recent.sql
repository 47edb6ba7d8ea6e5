-- Question: which transactions came last?
-- Parameters: since (how far to look back), count
-- Columns: id, date, name, amount, currency, account, category, icon, kind, pending
SELECT t.id, t.date, t.name, t.amount, t.currency, a.name, coalesce(c.title, 'Uncategorised'), coalesce(c.icon, 'help'),
    t.kind, t.pending
FROM transactions AS t
JOIN accounts AS a ON a.id = t.account_id AND NOT a.hidden
LEFT JOIN categories AS c ON c.id = t.category_id
WHERE t.date >= $since
ORDER BY t.date DESC, t.id DESC
LIMIT $count;
