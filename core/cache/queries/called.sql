-- Question: what is this database called?
-- Columns: name
SELECT name
FROM lineage;
