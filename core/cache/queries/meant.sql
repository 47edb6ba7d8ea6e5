-- Question: which accounts and categories does a filter of the list mean?
-- Parameters: accounts, categories (lists of ids or NULL; a primary category stands for its group unless `alone`, a merged
--   one for what it counts as, 0 for none), alone
-- Columns: accounts (of these, or of all, those that are not hidden), categories (NULL when not filtered)
SELECT
    (SELECT coalesce(list(id ORDER BY id), []) FROM accounts
     WHERE NOT hidden AND ($accounts IS NULL OR list_contains($accounts::INTEGER[], id))),
    CASE WHEN $categories IS NOT NULL THEN list_distinct(list_concat(
        $categories::INTEGER[],
        (SELECT coalesce(list(merged_into), []) FROM categories
         WHERE list_contains($categories::INTEGER[], id) AND merged_into IS NOT NULL),
        (SELECT coalesce(list(c.id), []) FROM categories AS c JOIN categories AS g ON g.code = c.group_code
         WHERE NOT $alone AND g.code = g.group_code AND list_contains($categories::INTEGER[], g.id))
    )) END;
