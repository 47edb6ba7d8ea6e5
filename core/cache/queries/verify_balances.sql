-- Question: every daily balance as the store should have it.
-- Columns: account_id, day, current
SELECT account_id, day, current
FROM balances;
