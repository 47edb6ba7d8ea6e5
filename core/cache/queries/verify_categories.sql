-- Question: every category, to be held against the store.
-- Columns: id, code, title, kind, icon, need, hidden, merged_into
SELECT id, code, title, kind::VARCHAR, icon, need, hidden, merged_into
FROM categories;
