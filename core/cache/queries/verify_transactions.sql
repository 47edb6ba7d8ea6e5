-- Question: the rows of some ids, to be held against the store.
-- Parameters: first, last (ids, both included)
-- Columns: id, date, amount, currency, account_id, category_id, kind, pending, name, note
SELECT id, date, amount, currency, account_id, category_id, kind, pending, name, note
FROM transactions
WHERE id BETWEEN $first AND $last;
