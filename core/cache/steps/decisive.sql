-- Step: what decides the kind of rows that did not change themselves.
SELECT 'category', id, concat_ws(' ', kind, merged_into) FROM categories
UNION ALL
SELECT 'account', id, type FROM accounts WHERE id IN (SELECT account_id FROM days UNION SELECT account_id FROM balances)
ORDER BY ALL;
