-- Question: what is each category called, and where does it belong?
-- Columns: id, title, group_id, need
SELECT c.id, c.title, coalesce(g.id, 0), coalesce(c.need, '')
FROM categories AS c
LEFT JOIN categories AS g ON g.code = c.group_code
ORDER BY c.id;
