-- Question: what is the highest id of a transaction?
-- Columns: id (0 without any)
SELECT coalesce(max(id), 0) FROM transactions;
