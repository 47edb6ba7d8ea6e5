-- Question: how many transactions are there?
-- Columns: rows
SELECT count(*) FROM transactions;
