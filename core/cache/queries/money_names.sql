-- Question: by which names are lines of income and spending called that have an amount in the currency of totals?
-- Columns: name; in the order in which texts are compared byte by byte
SELECT DISTINCT name
FROM transactions
WHERE kind <> 'transfer' AND home IS NOT NULL
ORDER BY name;
