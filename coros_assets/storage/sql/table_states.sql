-- What were the tables made from that are replaced whole?
SELECT
    table_name,
    made_from
FROM ledger.table_state;
