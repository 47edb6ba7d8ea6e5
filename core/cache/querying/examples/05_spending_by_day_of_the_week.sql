-- Spending by day of the week
SELECT dayname(date) AS day, -sum(home_amount) AS spent, -avg(home_amount) AS each_time, count(*) AS times
FROM transactions
WHERE kind = 'spending' AND NOT account_hidden
GROUP BY day, isodow(date)
ORDER BY isodow(date)
