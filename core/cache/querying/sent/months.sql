-- What is sent of the sums that are kept by month.
SELECT month, account_id, currency, category_id, kind, hidden, rows, total, CASE WHEN rated THEN home END AS home
FROM months;
