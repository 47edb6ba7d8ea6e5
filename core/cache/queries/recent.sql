-- Question: which transactions on some accounts came last?
-- Parameters: accounts (ids), since (how far to look back), count
-- Columns: id, date, name, amount, currency, account_id, category_id, kind, pending
SELECT id, date, name, amount, currency, account_id, category_id, kind, pending
FROM transactions
WHERE date >= $since AND list_contains($accounts::INTEGER[], account_id)
ORDER BY date DESC, id DESC
LIMIT $count;
