-- Spending in other currencies
SELECT currency, sum(amount) AS amount, sum(home_amount) AS home_amount, count(*) AS transactions
FROM transactions
WHERE kind = 'spending'
GROUP BY currency
ORDER BY transactions DESC
