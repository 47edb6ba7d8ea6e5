-- Question: what cost the most in a period, in the currency of totals, the largest of each merchant?
-- Parameters: accounts (ids), since, until, count
-- Columns: id, date, name, amount, currency, account, category, icon, kind, pending, home (negative is money out)
SELECT t.id, t.date, t.name, t.amount, t.currency, a.name, coalesce(c.title, 'Uncategorised'), coalesce(c.icon, 'help'),
    t.kind::VARCHAR, t.pending, t.home
FROM transactions AS t
JOIN accounts AS a ON a.id = t.account_id
LEFT JOIN categories AS c ON c.id = t.category_id
WHERE t.kind = 'spending' AND t.home < 0 AND t.date BETWEEN $since AND $until
    AND list_contains($accounts::INTEGER[], t.account_id)
QUALIFY row_number() OVER (PARTITION BY t.name ORDER BY t.home, t.date DESC, t.id DESC, t.part) = 1
ORDER BY t.home, t.date DESC, t.id DESC, t.part
LIMIT $count;
