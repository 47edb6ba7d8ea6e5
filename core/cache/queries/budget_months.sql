-- Question: what came in and was spent in each calendar month, by category?
-- Parameters: since, until (first days of the first and the last month)
-- Columns: month, category_id, currency, kind, hidden, rows, total (negative is money out)
SELECT month, category_id, currency, kind, hidden, sum(rows)::BIGINT, sum(total)::DECIMAL(38, 4)
FROM months
WHERE month BETWEEN $since AND $until AND kind <> 'transfer'
    AND account_id IN (SELECT id FROM accounts WHERE NOT hidden)
GROUP BY month, category_id, currency, kind, hidden
ORDER BY ALL;
