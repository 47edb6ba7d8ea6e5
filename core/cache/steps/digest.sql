-- Step: what tells these transactions from others. 100.0003 is `MODULUS` of core/cache/reading.py, in whole units of
-- money: the remainder is taken first, for the largest amounts have no room to be multiplied in.
SELECT count(*), coalesce(sum(id), 0), coalesce(sum(amount % 100.0003::DECIMAL(18, 4)), 0) * 10000,
    (SELECT rates FROM lineage)
FROM transactions;
