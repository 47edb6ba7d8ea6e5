-- Question: what came in and was spent in each month that begins on another day than the first, by category?
-- Parameters: accounts (ids), since, until (first days of the calendar months in which the first and the last one begin),
--   first_day
-- Columns: month (the calendar month in which it begins), category_id, currency, rated, kind, hidden, rows, total (negative
--   is money out; in the currency of totals where there is a rate, else in its own)
SELECT date_trunc('month', date - ($first_day - 1)::INTEGER)::DATE AS month, category_id, currency,
    home IS NOT NULL AS rated, kind, hidden, count(*), sum(coalesce(home, amount))
FROM transactions
WHERE date >= $since::DATE + ($first_day - 1)::INTEGER
    AND date < ($until::DATE + INTERVAL 1 MONTH)::DATE + ($first_day - 1)::INTEGER
    AND kind <> 'transfer' AND list_contains($accounts::INTEGER[], account_id)
GROUP BY ALL;
