-- The twenty largest purchases
SELECT id, date, name, category, amount, currency
FROM transactions
WHERE kind = 'spending'
ORDER BY home_amount
LIMIT 20
