-- Question: to whom and from whom did money go on accounts that are not hidden?
-- Columns: name (as the list shows it); the one with most lines first
SELECT t.name
FROM transactions AS t
JOIN accounts AS a ON a.id = t.account_id AND NOT a.hidden
WHERE t.name <> ''
GROUP BY t.name
ORDER BY count(*) DESC, t.name;
