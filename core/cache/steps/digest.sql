-- Step: what tells these transactions from others. 1000003 is `MODULUS` of core/cache/reading.py.
SELECT count(*), coalesce(sum(id), 0), coalesce(sum((amount * 10000)::BIGINT % 1000003), 0) FROM transactions;
