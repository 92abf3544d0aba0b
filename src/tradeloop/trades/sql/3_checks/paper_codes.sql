-- finding: currency-malformed, currency-unknown, country-malformed, country-unknown
-- asks:    Which currencies and countries of papers in table form cannot be right, and which does our table lack?
-- source:  judging.md §3: malformed is refused, well-formed and unknown is a note
-- reads:   market_records, trade_declarations, trade_contracts, trade_payments, code_standings
-- blind to: units: papers in table form may write them in words

select c.trade_id, c.kind || '-' || s.standing as code, c.file, c.message, c.record, 0 as line, c.field, c.seen, s.expected
from (
    select trade_id, file, message, record, 'currency' as kind, 'currency' as field, written_currency as seen from market_records
    union all
    select trade_id, file, message, record, 'country', 'purchaser_country', purchaser_country from market_records
    union all
    select trade_id, file, message, record, 'currency', 'currency', written_currency from trade_declarations where stands
    union all
    select trade_id, file, message, record, 'country', 'destination', destination from trade_declarations where stands
    union all
    select trade_id, file, message, record, 'currency', 'currency', written_currency from trade_contracts
    union all
    select trade_id, file, message, record, 'country', 'buyer_country', buyer_country from trade_contracts
    union all
    select trade_id, file, message, record, 'currency', 'currency', written_currency from trade_payments
) as c
join code_standings as s on s.kind = c.kind and s.code = c.seen
