-- Question: which transactions are filtered, each once, however many of its parts are?
-- Parameters: see filtered_page
-- Columns: id; newest first
SELECT t.id
FROM filtered AS t
GROUP BY t.id
ORDER BY max(t.date) DESC, t.id DESC;
