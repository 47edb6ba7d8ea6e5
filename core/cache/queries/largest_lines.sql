-- Question: which lines moved most money in a period, in the currency of totals, transfers aside?
-- Parameters: since, until, count
-- Columns: id, date, name, category, account, amount, currency, home; the largest first
SELECT t.id, t.date, t.name, coalesce(c.title, 'Uncategorised'), a.name, t.amount, t.currency, t.home
FROM transactions AS t
JOIN accounts AS a ON a.id = t.account_id AND NOT a.hidden
LEFT JOIN categories AS c ON c.id = t.category_id
WHERE t.kind <> 'transfer' AND t.home IS NOT NULL AND t.date BETWEEN $since AND $until
ORDER BY abs(t.home) DESC, t.date DESC, t.id DESC, t.part
LIMIT $count;
