-- Question: in which currency are totals?
-- Columns: currency
SELECT home FROM lineage;
