-- Question: on which days does each currency go into that of totals at a rate from long before?
-- Parameters: longest (how many days before are not long)
-- Columns: currency, day (of the rate), since, until (NULL for ever); few, where rates were not told for a while
SELECT currency, day, day + $longest::INTEGER + 1, following - 1
FROM (SELECT currency, day, lead(since) OVER (PARTITION BY currency ORDER BY since) AS following FROM rates)
WHERE following IS NULL OR day + $longest::INTEGER + 1 < following
ORDER BY currency, day;
