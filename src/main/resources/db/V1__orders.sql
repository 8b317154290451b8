-- One row per order. The id is derived from account and client order id where there is one, so the primary key alone
-- makes a retry harmless; there is no second index. Every look-up is by id, so the table can be partitioned by a hash
-- of it. Deleting a row ends its key's protection; to erase personal data, blank the content and keep id and fingerprint.
CREATE TABLE orders (
    id              uuid PRIMARY KEY,
    account         text NOT NULL,
    client_order_id text,
    customer_id     text NOT NULL,
    currency        text NOT NULL,
    total           numeric NOT NULL,
    items           jsonb NOT NULL,
    attributes      jsonb,
    accepted_at     timestamptz NOT NULL,
    committed_at    timestamptz NOT NULL,
    fingerprint     bytea NOT NULL
);
