-- Question: what is to be told of some lines?
-- Parameters: ids (of the transactions), since, until (days between which all of them lie)
-- Columns: id, date, name, amount, currency, account_id, category_id, kind, pending, part
SELECT id, date, name, amount, currency, account_id, category_id, kind, pending, part
FROM transactions
WHERE date BETWEEN $since AND $until AND list_contains($ids::INTEGER[], id);
