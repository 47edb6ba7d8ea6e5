-- Question: every category, to be held against the store.
-- Columns: id, code, title, kind, icon, need
SELECT id, code, title, kind::VARCHAR, icon, need
FROM categories;
