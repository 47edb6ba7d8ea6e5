-- Question: every bank, to be held against the store.
-- Columns: id, provider, institution, error_code, error
SELECT id, provider, institution, error_code, error
FROM items;
