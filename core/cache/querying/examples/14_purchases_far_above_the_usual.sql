-- Purchases far above what the place usually takes
WITH usual AS (
    SELECT name, median(home_amount) AS usual, count(*) AS visits
    FROM transactions
    WHERE kind = 'spending'
    GROUP BY name
    HAVING count(*) >= 5
)
SELECT t.id, t.date, t.name, t.home_amount, u.usual
FROM transactions AS t
JOIN usual AS u ON u.name = t.name
WHERE t.kind = 'spending' AND t.home_amount < 2 * u.usual
ORDER BY t.home_amount
LIMIT 50
