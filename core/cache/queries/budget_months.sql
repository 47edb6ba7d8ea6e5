-- Question: what came in and was spent in each calendar month on some accounts, by category?
-- Parameters: accounts (ids), since, until (first days of the first and the last month)
-- Columns: month, category_id, currency, rated, kind, hidden, rows, total (negative is money out; in the currency of totals
--   where there is a rate, else in its own)
SELECT month, category_id, currency, rated, kind, hidden, sum(rows)::BIGINT, sum(CASE WHEN rated THEN home ELSE total END)
FROM months
WHERE month BETWEEN $since AND $until AND kind <> 'transfer' AND list_contains($accounts::INTEGER[], account_id)
GROUP BY month, category_id, currency, rated, kind, hidden;
