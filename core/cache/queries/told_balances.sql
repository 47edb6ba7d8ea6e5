-- Question: which balances were told of each account?
-- Columns: account_id, day (days since 1970), current (owed is negative)
-- Rule: the balance that the bank told last counts as of the day it was told, where no other is known.
SELECT account_id, day - DATE '1970-01-01' AS day, "current" FROM balances WHERE "current" IS NOT NULL
UNION ALL
SELECT id, balance_at::DATE - DATE '1970-01-01', "current"
FROM accounts
WHERE "current" IS NOT NULL AND balance_at IS NOT NULL AND id NOT IN (SELECT account_id FROM balances)
ORDER BY account_id, day;
