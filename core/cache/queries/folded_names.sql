-- Question: how are the names searched to whom money went?
-- Columns: name, folded
SELECT name, folded(name)
FROM (SELECT DISTINCT name FROM transactions WHERE kind = 'spending' AND home IS NOT NULL);
