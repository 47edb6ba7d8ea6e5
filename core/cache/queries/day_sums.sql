-- Question: what do the lines of each day add up to?
-- Columns: day (days since 1970), account_id, currency, kind, rated, rows, inflow, outflow, posted, home_inflow, home_outflow
SELECT date - DATE '1970-01-01' AS day, account_id, currency, kind::VARCHAR AS kind, rated, rows, inflow, outflow, posted,
    home_inflow, home_outflow
FROM days
ORDER BY date;
