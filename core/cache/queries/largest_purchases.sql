-- Question: which purchases cost the most in a period, in the currency of totals?
-- Parameters: accounts (ids), since, until, count
-- Columns: id, date, name, amount, currency, account_id, category_id, kind, pending, home (negative is money out)
SELECT id, date, name, amount, currency, account_id, category_id, kind, pending, home
FROM transactions
WHERE kind = 'spending' AND home < 0 AND date BETWEEN $since AND $until
    AND list_contains($accounts::INTEGER[], account_id)
ORDER BY home, date DESC, id DESC, part
LIMIT $count;
