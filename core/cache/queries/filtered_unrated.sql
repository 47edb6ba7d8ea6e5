-- Question: how many of the filtered lines have no rate into the currency of totals?
-- Parameters: see filtered_page; counted (a list of kinds, NULL for all)
-- Columns: currency, rows
SELECT t.currency, count(*)
FROM filtered AS t
WHERE t.home IS NULL AND ($counted IS NULL OR list_contains($counted::VARCHAR[], t.kind::VARCHAR))
GROUP BY t.currency
ORDER BY t.currency;
