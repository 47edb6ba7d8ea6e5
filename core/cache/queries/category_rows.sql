-- Question: how many lines has each category?
-- Columns: category_id (0 for none), rows
SELECT coalesce(category_id, 0), sum(rows)::BIGINT
FROM months
WHERE account_id IN (SELECT id FROM accounts WHERE NOT hidden)
GROUP BY 1
ORDER BY 1;
