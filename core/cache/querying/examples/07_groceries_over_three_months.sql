-- Groceries, and their average over three months
WITH spent AS (
    SELECT month, -sum(home_amount) AS spent
    FROM months
    WHERE category = 'Groceries' AND kind = 'spending' AND NOT account_hidden
    GROUP BY month
)
SELECT month, spent, avg(spent) OVER (ORDER BY month ROWS 2 PRECEDING) AS over_three_months
FROM spent
ORDER BY month
