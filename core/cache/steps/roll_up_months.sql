-- Step: make the month rows that are missing, from the transactions of the months in `touched`.
INSERT INTO months
SELECT date_trunc('month', date)::DATE, account_id, currency, category_id, kind, hidden, home IS NOT NULL, count(*), sum(amount),
    coalesce(sum(home), 0)
FROM transactions
WHERE date BETWEEN $since AND $until AND date_trunc('month', date)::DATE IN (SELECT month FROM touched_months)
GROUP BY ALL
ORDER BY ALL;
