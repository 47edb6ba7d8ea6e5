-- Question: what was spent on some accounts in some months after as many of their days as have passed now, by category, in the
--   currency of totals?
-- Parameters: accounts (ids), since, until (first days of the calendar months in which the first and the last one begin),
--   first_day, elapsed (how many days are left out)
-- Columns: month (the calendar month in which it begins), category_id, total (negative is money out)
SELECT date_trunc('month', date - ($first_day - 1)::INTEGER)::DATE AS month, category_id, sum(home)::DECIMAL(38, 4)
FROM transactions
WHERE date >= $since::DATE + ($first_day - 1)::INTEGER
    AND date < ($until::DATE + INTERVAL 1 MONTH)::DATE + ($first_day - 1)::INTEGER
    AND date >= date_trunc('month', date - ($first_day - 1)::INTEGER)::DATE + ($first_day - 1 + $elapsed)::INTEGER
    AND kind = 'spending' AND NOT hidden AND home IS NOT NULL
    AND list_contains($accounts::INTEGER[], account_id)
GROUP BY ALL;
