-- Step: make the day rows of a cache that has none, of all transactions.
INSERT INTO days
SELECT *
FROM summed_by_day('transactions')
ORDER BY ALL;
