-- The tables of a cache, in the order in which they are filled. Amounts: negative is money out.
-- `lineage` tells how they were made, whose rows these are, up to which change number, and what this database is called.
CREATE TABLE lineage (schema VARCHAR, owner VARCHAR, change BIGINT, name VARCHAR);

-- How texts are searched: without regard to case, accents, or which of two sigmas ends a Greek word.
CREATE MACRO folded(words) AS replace(strip_accents(lower(words)), 'ς', 'σ');

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

-- A line each: a transaction is one, a split one as many as it has parts (`part` from 1; 0 is a whole one).
-- `hidden` ones count everywhere but in budgets; `paired` is 'transfer', 'refund' or ''.
-- Sorted by date, so that a question about some days reads some blocks. No index: the store keeps rows unique.
CREATE TABLE transactions (
    id INTEGER, part TINYINT, date DATE, amount DECIMAL(18, 4), currency VARCHAR, account_id INTEGER, category_id INTEGER,
    kind money_kind, pending BOOLEAN, name VARCHAR, note VARCHAR, tags VARCHAR[], hidden BOOLEAN, paired VARCHAR,
    search VARCHAR
);

-- Small tables kept beside the rows: most questions never touch the rows themselves. A sum may be larger than any one
-- amount can be.
CREATE TABLE months (
    month DATE, account_id INTEGER, currency VARCHAR, category_id INTEGER, kind money_kind,
    hidden BOOLEAN, rows BIGINT, total DECIMAL(38, 4)
);
CREATE TABLE days (
    date DATE, account_id INTEGER, currency VARCHAR, kind money_kind,
    rows BIGINT, inflow DECIMAL(38, 4), outflow DECIMAL(38, 4), posted DECIMAL(38, 4)
);
