-- Question: which charges of some days came twice within two days, the same amount to the same payee from one account?
-- Parameters: since, until
-- Columns: id (of the later one), first_id, first_date
-- Rule: who charged the same twice within two days before does so by habit, as buses do.
WITH charges AS (
    SELECT t.id, any_value(t.date) AS date, lower(any_value(t.name)) AS payee, any_value(t.account_id) AS account_id,
        sum(t.amount)::DECIMAL(18, 4) AS amount
    FROM transactions AS t
    WHERE t.kind = 'spending' AND t.paired = '' AND t.name <> ''
        AND t.account_id IN (SELECT id FROM accounts WHERE NOT hidden)
    GROUP BY t.id
    HAVING sum(t.amount) < 0
),
pairs AS (
    SELECT id, payee, account_id, date,
        lag(id) OVER earlier AS first_id, lag(date) OVER earlier AS first_date
    FROM charges
    WINDOW earlier AS (PARTITION BY payee, account_id, amount ORDER BY date, id)
),
near AS (SELECT * FROM pairs WHERE date - first_date <= 2)
SELECT id, first_id, first_date
FROM near AS n
WHERE date BETWEEN $since AND $until
    AND (SELECT count(*) FROM near AS m WHERE m.payee = n.payee) = 1
ORDER BY id;
