-- How much of the income was left, by month
WITH flows AS (
    SELECT month,
        sum(home_amount) FILTER (WHERE kind = 'income') AS income,
        sum(home_amount) FILTER (WHERE kind <> 'transfer') AS left_over
    FROM months
    WHERE NOT account_hidden
    GROUP BY month
)
SELECT month, income, left_over, round(100 * left_over / income, 1) AS percent_left
FROM flows
WHERE income > 0
ORDER BY month
