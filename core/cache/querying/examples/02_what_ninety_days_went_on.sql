-- What the last 90 days went on
SELECT category_group, -sum(home_amount) AS spent, count(*) AS transactions
FROM transactions
WHERE kind = 'spending' AND NOT account_hidden AND date > today() - 90
GROUP BY category_group
ORDER BY spent DESC
