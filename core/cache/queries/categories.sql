-- Question: what is each category called, and where does it belong?
-- Columns: id, title, icon, group_id, group_title, group_icon, need, merged_into
SELECT c.id, c.title, c.icon, g.id, coalesce(g.title, 'Uncategorised'), coalesce(g.icon, 'help'), coalesce(c.need, ''),
    c.merged_into
FROM categories AS c
LEFT JOIN categories AS g ON g.code = c.group_code
ORDER BY c.id;
