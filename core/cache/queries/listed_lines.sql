-- Question: what is there of each line that lists are filtered by, texts and tags aside?
-- Columns: day (days since 1970), id, part, account_id, category_id (0 without one), kind (its place among the kinds of money),
--   pending, hidden, currency, amount, rated, home (0 without a rate), wording
SELECT date - DATE '1970-01-01' AS day, id, part, account_id, coalesce(category_id, 0) AS category_id, enum_code(kind) AS kind,
    pending, hidden, currency, amount, home IS NOT NULL AS rated, coalesce(home, 0) AS home, wording
FROM transactions;
