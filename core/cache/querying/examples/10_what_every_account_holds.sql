-- What every account holds
SELECT account, institution, account_type, balance, currency, home_balance, last_date
FROM accounts
WHERE NOT account_hidden
ORDER BY home_balance DESC
