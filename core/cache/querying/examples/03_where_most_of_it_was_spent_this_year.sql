-- Where most of it was spent this year
SELECT name, -sum(home_amount) AS spent, count(*) AS visits, -avg(home_amount) AS each_time
FROM transactions
WHERE kind = 'spending' AND NOT account_hidden AND year(date) = year(today())
GROUP BY name
ORDER BY spent DESC
LIMIT 20
