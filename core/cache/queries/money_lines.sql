-- Question: which lines are income and spending, in the currency of totals?
-- Columns: day (days since 1970), account_id, category_id (0 without one), name, spending, budgeted, home (negative is money
--   out), id, part
SELECT date - DATE '1970-01-01' AS day, account_id, coalesce(category_id, 0) AS category_id, name, kind = 'spending' AS spending,
    NOT hidden AS budgeted, home, id, part
FROM transactions
WHERE kind <> 'transfer' AND home IS NOT NULL;
