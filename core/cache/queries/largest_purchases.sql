-- Question: which purchases cost the most in a period, in the currency of totals, but for those at some merchants?
-- Parameters: accounts (ids), since, until, names (as lists show those merchants), count
-- Columns: id, date, name, amount, currency, account_id, category_id, kind, pending, home (negative is money out)
SELECT id, date, name, amount, currency, account_id, category_id, kind, pending, home
FROM transactions
WHERE kind = 'spending' AND home < 0 AND date BETWEEN $since AND $until
    AND list_contains($accounts::INTEGER[], account_id) AND NOT list_contains($names::VARCHAR[], name)
ORDER BY home, date DESC, id DESC, part
LIMIT $count;
