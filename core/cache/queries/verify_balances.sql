-- Question: every daily balance, to be held against the store.
-- Columns: account_id, day, current
SELECT account_id, day, current
FROM balances;
