-- What is tagged
SELECT unnest(tags) AS tag, count(*) AS transactions, sum(home_amount) AS total
FROM transactions
WHERE len(tags) > 0
GROUP BY tag
ORDER BY transactions DESC
