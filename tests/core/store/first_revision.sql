-- A store of revision 0001: one person with a bank, an account, and a transaction that was edited.
INSERT INTO users (
    id, email, first_name, last_name, password_hash, is_owner, is_demo, created_at, currency, locale, time_zone,
    month_start_day, week_start_day, last_change
) VALUES (1, 'a@b.c', '', '', '!', '1', '0', '2026-01-01 00:00:00', 'USD', 'en_US', 'UTC', 1, 0, 7);

INSERT INTO items (
    id, user_id, provider, provider_key, institution_key, institution_name, institution_color, sealed_token, "cursor",
    error_code, error_sentence, created_at
) VALUES (1, 1, 'plaid', 'k', '', 'Bank', '', 's', 'c9', '', '', '2026-01-01 00:00:00');

INSERT INTO accounts (
    id, user_id, item_id, name, official_name, nickname, mask, type, subtype, currency, hidden, csv_layout, created_at,
    change
) VALUES (1, 1, 1, 'A', '', '', '', 'checking', '', 'USD', '0', '', '2026-01-01 00:00:00', 1);

INSERT INTO transactions (
    id, user_id, account_id, provider_key, date, amount, currency, name, merchant_name, original_text, pending,
    payment_channel, check_number, details, own_name, note, created_at, change
) VALUES (1, 1, 1, 't', '2026-01-02', -125000, 'USD', 'Shop', '', '', '0', '', '', '', 'Mine', 'note', '2026-01-01 00:00:00', 1);

INSERT INTO transaction_events (id, user_id, transaction_id, at, source, field, before, after)
VALUES (1, 1, 1, '2026-01-01 00:00:00', 'person', 'note', '', 'note');
INSERT INTO audit_events (id, user_id, at, event, detail, address)
VALUES (3, 1, '2026-01-01 00:00:00', 'password changed', '', '');
