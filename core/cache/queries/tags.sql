-- Question: which tags are there, and how many lines have them?
-- Columns: tag, rows; the one with most lines first
SELECT tag, count(*)
FROM (SELECT unnest(tags) AS tag FROM transactions WHERE len(tags) > 0)
GROUP BY tag
ORDER BY count(*) DESC, tag;
