-- Question: every account as the store should have it.
-- Columns: id, name, type, currency, current, available, credit_limit, hidden
SELECT id, name, type, currency, current, available, credit_limit, hidden
FROM accounts;
