-- The balance of checking and savings, week by week
SELECT date_trunc('week', date) AS week, account, arg_max(home_balance, date) AS balance
FROM balances
WHERE account_type IN ('checking', 'savings')
GROUP BY week, account
ORDER BY week, account
