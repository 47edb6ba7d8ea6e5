-- Question: up to which change number of the store does this go?
-- Columns: change
SELECT change FROM lineage;
