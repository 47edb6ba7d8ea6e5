-- Question: which lines are income and spending, in the currency of totals?
-- Columns: day (days since 1970), account_id, category_id (0 without one), name (its place among `money_names`), spending,
--   budgeted, home (negative is money out), id, part
WITH names AS (
    SELECT name, row_number() OVER (ORDER BY name) - 1 AS place
    FROM (SELECT DISTINCT name FROM transactions WHERE kind <> 'transfer' AND home IS NOT NULL)
)
SELECT t.date - DATE '1970-01-01' AS day, t.account_id, coalesce(t.category_id, 0) AS category_id, n.place AS name,
    t.kind = 'spending' AS spending, NOT t.hidden AS budgeted, t.home, t.id, t.part
FROM transactions AS t
JOIN names AS n ON n.name = t.name
WHERE t.kind <> 'transfer' AND t.home IS NOT NULL;
