-- Question: how does each currency that occurs here go into that of totals?
-- Columns: currency, since (from when on it does), day (of the rate), times, per; days are counted from 1970, and an amount
--   goes into that of totals times `times` by `per`
SELECT currency, since - DATE '1970-01-01' AS since, day - DATE '1970-01-01' AS day, times, per
FROM rates
ORDER BY currency, since;
