-- What is sent of the categories: those that were merged into another count as that one.
SELECT id AS category_id, title AS category, coalesce(group_title, title) AS category_group,
    kind::VARCHAR AS kind, coalesce(need, '') AS need, hidden AS category_hidden
FROM categories
WHERE merged_into IS NULL
ORDER BY category_group, category, category_id;
