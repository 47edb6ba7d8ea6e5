-- Question: what are some lines, as a list tells of them?
-- Parameters: ids (of their transactions), first, last (days between which they lie, the later one first)
-- Columns: id, date, name, note, amount, currency, account_id, category_id, kind, pending, part, tags, hidden, paired; with all
--   parts of split ones, in no order
SELECT id, date, name, note, amount, currency, account_id, category_id, kind, pending, part, tags, hidden, paired
FROM transactions
WHERE date BETWEEN $last AND $first AND list_contains($ids::INTEGER[], id);
