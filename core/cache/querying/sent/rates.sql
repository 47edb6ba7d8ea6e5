-- What is sent of the rates of exchange: how much of the currency of totals one unit of another was.
SELECT currency, since AS date, day AS rate_date, times / per AS rate
FROM rates
ORDER BY currency, date;
