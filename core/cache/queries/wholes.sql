-- Question: into how many parts are some transactions of a few days split, and what do the parts add up to?
-- Parameters: since, until (days), ids (a list)
-- Columns: id, parts, whole
SELECT id, count(*), sum(amount)::DECIMAL(38, 4)
FROM transactions
WHERE date BETWEEN $since AND $until AND part > 0 AND id IN (SELECT unnest($ids::INTEGER[]))
GROUP BY id
ORDER BY id;
