-- Question: the rows of some ids, to be held against the store.
-- Parameters: first, last (ids, both included)
-- Columns: id, part, date, amount, currency, account_id, category_id, kind, pending, name, note, tags, hidden, paired, home
SELECT id, part, date, amount, currency, account_id, category_id, kind, pending, name, note, tags, hidden, paired, home
FROM transactions
WHERE id BETWEEN $first AND $last;
