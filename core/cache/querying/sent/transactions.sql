-- What is sent of the transactions: a line each, without what is said of their accounts and categories.
SELECT id, part, date, name, note, amount, currency, home, kind, category_id, account_id, pending, hidden, tags, paired
FROM transactions;
