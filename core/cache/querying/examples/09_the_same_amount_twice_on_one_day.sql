-- The same amount at the same place on one day
SELECT date, name, amount, currency, count(*) AS times, min(id) AS id
FROM transactions
WHERE kind = 'spending' AND part = 0
GROUP BY date, name, amount, currency
HAVING count(*) > 1
ORDER BY date DESC
