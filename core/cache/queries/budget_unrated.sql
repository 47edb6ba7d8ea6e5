-- Question: what came in and was spent that has no amount in the currency of totals, in each of a person's months?
-- Parameters: accounts (ids), since, until (days), first_day (on which day of a calendar month theirs begin)
-- Columns: month (the calendar month in which it begins), category_id, currency, kind, hidden, rows, total (negative is money
--   out)
SELECT date_trunc('month', date - ($first_day - 1)::INTEGER)::DATE AS month, category_id, currency, kind::VARCHAR AS kind,
    hidden, count(*), sum(amount)
FROM transactions
WHERE date BETWEEN $since AND $until AND home IS NULL AND kind <> 'transfer'
    AND list_contains($accounts::INTEGER[], account_id)
GROUP BY ALL;
