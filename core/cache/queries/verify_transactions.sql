-- Question: every row as the store should have it.
-- Columns: id, date, amount, currency, account_id, category_id, pending, name, note
SELECT id, date, amount, currency, account_id, category_id, pending, name, note
FROM transactions;
