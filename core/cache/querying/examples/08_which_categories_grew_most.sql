-- Which categories grew most against the year before
SELECT category,
    -sum(home_amount) FILTER (WHERE month > today() - INTERVAL 12 MONTH) AS last_12_months,
    -sum(home_amount) FILTER (WHERE month <= today() - INTERVAL 12 MONTH) AS the_12_before,
    last_12_months - the_12_before AS more
FROM months
WHERE kind = 'spending' AND NOT account_hidden AND month > today() - INTERVAL 24 MONTH
GROUP BY category
HAVING last_12_months IS NOT NULL AND the_12_before IS NOT NULL
ORDER BY more DESC
