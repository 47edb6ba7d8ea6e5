-- Step: make the month rows of a cache that has none, of all transactions.
INSERT INTO months
SELECT *
FROM summed_by_month('transactions')
ORDER BY ALL;
