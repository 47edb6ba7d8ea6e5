-- Places that were new in the last two months
SELECT name, min(date) AS first_time, count(*) AS times, -sum(home_amount) AS spent
FROM transactions
WHERE kind = 'spending'
GROUP BY name
HAVING min(date) > today() - 60
ORDER BY spent DESC
