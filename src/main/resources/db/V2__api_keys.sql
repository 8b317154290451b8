-- One row per key of a client or an operator. Only the SHA-256 of a key is kept: who reads this table cannot use one.
-- A release that does not know the table works beside it; a node that reads no keys from it works without it.
CREATE TABLE api_keys (
    key_id     text PRIMARY KEY,
    account    text NOT NULL,
    hash       bytea NOT NULL,
    scopes     text[] NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    not_before timestamptz,
    expires_at timestamptz,
    revoked_at timestamptz,
    note       text NOT NULL DEFAULT ''
);
