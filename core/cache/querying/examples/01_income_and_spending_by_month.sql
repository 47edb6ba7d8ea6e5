-- Income and spending by month
SELECT month,
    sum(home_amount) FILTER (WHERE kind = 'income') AS income,
    -sum(home_amount) FILTER (WHERE kind = 'spending') AS spending,
    sum(home_amount) FILTER (WHERE kind <> 'transfer') AS left_over
FROM months
WHERE NOT account_hidden
GROUP BY month
ORDER BY month
