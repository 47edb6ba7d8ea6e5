-- Question: how many rows have another wording than they should, and how many wordings are not numbered as they should be,
--   or there twice?
-- Columns: rows, wordings
SELECT
    (SELECT count(*) FROM transactions AS t LEFT JOIN wordings AS w ON w.id = t.wording
     WHERE w.words IS DISTINCT FROM worded(t.search)),
    (SELECT count(*) - count(DISTINCT id) FILTER (id BETWEEN 0 AND (SELECT count(*) FROM wordings) - 1)
         + count(*) - count(DISTINCT words) FROM wordings);
