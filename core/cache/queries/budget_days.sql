-- Question: what came in and was spent in each month that begins on another day than the first, by category?
-- Parameters: since, until (first days of the calendar months in which the first and the last one begin), first_day
-- Columns: month (the calendar month in which it begins), category_id, currency, kind, hidden, rows, total (negative is
--   money out; in the currency of totals where there is a rate, else in its own)
SELECT date_trunc('month', date - ($first_day - 1)::INTEGER)::DATE AS month, category_id,
    CASE WHEN home IS NULL THEN currency ELSE (SELECT home FROM lineage) END AS currency, kind, hidden,
    count(*), sum(coalesce(home, amount))::DECIMAL(38, 4)
FROM transactions
WHERE date >= $since::DATE + ($first_day - 1)::INTEGER
    AND date < ($until::DATE + INTERVAL 1 MONTH)::DATE + ($first_day - 1)::INTEGER
    AND kind <> 'transfer' AND account_id IN (SELECT id FROM accounts WHERE NOT hidden)
GROUP BY ALL
ORDER BY ALL;
