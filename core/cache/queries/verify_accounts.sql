-- Question: every account, to be held against the store.
-- Columns: id, name, type, subtype, mask, currency, current, available, credit_limit, hidden, item_id
SELECT id, name, type, subtype, mask, currency, current, available, credit_limit, hidden, item_id
FROM accounts;
