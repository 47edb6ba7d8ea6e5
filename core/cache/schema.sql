-- The tables of a cache, in the order in which they are filled. Amounts: negative is money out.
-- `lineage` tells how they were made, whose rows these are, up to which change number, what this database is called, the
-- currency of totals (`home`), and by which rates of the person's own it was made.
CREATE TABLE lineage (schema VARCHAR, owner VARCHAR, change BIGINT, name VARCHAR, home VARCHAR, rates VARCHAR);

-- How texts are searched: without regard to case, accents, or which of two sigmas ends a Greek word.
CREATE MACRO folded(words) AS replace(strip_accents(lower(words)), 'ς', 'σ');

-- Texts that differ in numbers only are of one wording. One that is searched for can only be found in rows whose wording
-- its own wording is found in; and one without digits is found in all of those.
CREATE MACRO worded(words) AS regexp_replace(words, '[0-9]+', '0', 'g');

-- Units of 1/10000 in another currency, rounded half to even: `units` times `times` by `per`. Within 128 bits for any
-- amount and any rate: both have 17 digits.
CREATE MACRO exchanged(units, times, per) AS sign(units) * (
    (abs(units)::HUGEINT * times) // per
    + CASE
        WHEN 2 * ((abs(units)::HUGEINT * times) % per) > per THEN 1
        WHEN 2 * ((abs(units)::HUGEINT * times) % per) < per THEN 0
        ELSE ((abs(units)::HUGEINT * times) // per) % 2
    END
);

-- An amount, of its units of 1/10000.
CREATE MACRO money(units) AS CAST(CAST(units AS DECIMAL(18, 0)) * 0.0001::DECIMAL(5, 4) AS DECIMAL(18, 4));

-- The amount in another currency of so many units; NULL without a rate, and where it is larger than an amount can be:
-- 10¹⁷ is `LIMIT` of core/money.py in units.
CREATE MACRO converted(units, times, per) AS CASE
    WHEN abs(exchanged(units, times, per)) < 100000000000000000 THEN money(exchanged(units, times, per))
END;

CREATE TYPE money_kind AS ENUM ('income', 'spending', 'transfer');

CREATE TABLE categories (
    id INTEGER, code VARCHAR, group_code VARCHAR, group_title VARCHAR, title VARCHAR, icon VARCHAR,
    kind money_kind, need VARCHAR, hidden BOOLEAN, merged_into INTEGER
);

CREATE TABLE items (
    id INTEGER, provider VARCHAR, institution VARCHAR, color VARCHAR, error_code VARCHAR, error VARCHAR,
    last_synced_at TIMESTAMP
);

CREATE TABLE accounts (
    id INTEGER, item_id INTEGER, name VARCHAR, mask VARCHAR, type VARCHAR, subtype VARCHAR, currency VARCHAR,
    current DECIMAL(18, 4), available DECIMAL(18, 4), credit_limit DECIMAL(18, 4), balance_at TIMESTAMP,
    hidden BOOLEAN
);

CREATE TABLE balances (account_id INTEGER, day DATE, current DECIMAL(18, 4));

-- How the currencies that occur here, or did, go into that of totals: from `since` on, an amount times `times` by `per`,
-- at the rate of `day`. The first of each reaches back to any day.
CREATE TABLE rates (currency VARCHAR, since DATE, day DATE, times BIGINT, per BIGINT);

-- A line each: a transaction is one, a split one as many as it has parts (`part` from 1; 0 is a whole one).
-- `hidden` ones count everywhere but in budgets; `paired` is 'transfer', 'refund' or ''. `home` is the
-- amount in the currency of totals at its day's rate; NULL where there is no rate, or it is larger than an amount can be.
-- `search` is what is searched, `wording` the id of its wording.
-- Sorted by date, so that a question about some days reads some blocks. No index: the store keeps rows unique.
CREATE TABLE transactions (
    id INTEGER, part TINYINT, date DATE, amount DECIMAL(18, 4), currency VARCHAR, account_id INTEGER, category_id INTEGER,
    kind money_kind, pending BOOLEAN, name VARCHAR, note VARCHAR, tags VARCHAR[], hidden BOOLEAN, paired VARCHAR,
    search VARCHAR, home DECIMAL(18, 4), wording INTEGER
);

-- The wordings of the rows, and of some that were there: `id` counts from 0 without gaps. Most banks have far fewer than
-- rows, so that a search looks at these instead of at all rows.
CREATE TABLE wordings (id INTEGER, words VARCHAR);

-- Small tables kept beside the rows: most questions never touch the rows themselves. A sum may be larger than any one
-- amount can be. Lines with and without an amount in the currency of totals are kept apart (`rated`); home is 0 without.
CREATE TABLE months (
    month DATE, account_id INTEGER, currency VARCHAR, category_id INTEGER, kind money_kind,
    hidden BOOLEAN, rated BOOLEAN, rows BIGINT, total DECIMAL(38, 4), home DECIMAL(38, 4)
);
CREATE TABLE days (
    date DATE, account_id INTEGER, currency VARCHAR, kind money_kind, rated BOOLEAN,
    rows BIGINT, inflow DECIMAL(38, 4), outflow DECIMAL(38, 4), posted DECIMAL(38, 4),
    home_inflow DECIMAL(38, 4), home_outflow DECIMAL(38, 4)
);

-- What the rows of a table add up to, by day and by month.
CREATE MACRO summed_by_day(source) AS TABLE
SELECT date, account_id, currency, kind, home IS NOT NULL AS rated, count(*) AS rows,
    coalesce(sum(amount) FILTER (amount > 0), 0) AS inflow, coalesce(sum(amount) FILTER (amount < 0), 0) AS outflow,
    coalesce(sum(amount) FILTER (NOT pending), 0) AS posted,
    coalesce(sum(home) FILTER (amount > 0), 0) AS home_inflow, coalesce(sum(home) FILTER (amount < 0), 0) AS home_outflow
FROM query_table(source)
GROUP BY ALL;
CREATE MACRO summed_by_month(source) AS TABLE
SELECT date_trunc('month', date)::DATE AS month, account_id, currency, category_id, kind, hidden, home IS NOT NULL AS rated,
    count(*) AS rows, sum(amount) AS total, coalesce(sum(home), 0) AS home
FROM query_table(source)
GROUP BY ALL;
