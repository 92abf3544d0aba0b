-- gives:  codes_seen: each code that stands in a paper of a trade, once for each kind
-- source: judging.md §3; the tables of codes are looked up for these few, not for each row
-- reads:  order_lines_of_trade, list_lines_of_trade, trade_orders, trade_lists, trade_collections, market_records,
--         trade_declarations, trade_contracts, trade_payments, trade_invoices, trade_receipts

select kind, code
from (
    select 'unit' as kind, unit as code from order_lines_of_trade
    union
    select 'unit', unit from list_lines_of_trade
    union
    select 'unit', unit1 from list_lines_of_trade
    union
    select 'unit', unit2 from list_lines_of_trade
    union
    select 'currency', currency from order_lines_of_trade
    union
    select 'currency', currency from list_lines_of_trade
    union
    select 'currency', currency from trade_orders
    union
    select 'currency', currency from trade_collections
    union
    select 'currency', f_currency from trade_lists
    union
    select 'currency', i_currency from trade_lists
    union
    select 'country', country from list_lines_of_trade
    union
    select 'country', country from trade_lists
    union
    select 'firm', ebc_code from trade_orders
    union
    select 'firm', ebc_code from trade_lists
    union
    select 'currency', written_currency from market_records
    union
    select 'country', purchaser_country from market_records
    union
    select 'firm', merchant_uscc from market_records
    union
    select 'firm', agent_uscc from market_records
    union
    select 'currency', written_currency from trade_declarations
    union
    select 'country', destination from trade_declarations
    union
    select 'firm', consignor from trade_declarations
    union
    select 'currency', written_currency from trade_contracts
    union
    select 'country', buyer_country from trade_contracts
    union
    select 'firm', seller_uscc from trade_contracts
    union
    select 'firm', buyer_uscc from trade_contracts
    union
    select 'currency', written_currency from trade_payments
    union
    select 'firm', seller_uscc from trade_invoices
    union
    select 'firm', buyer_uscc from trade_invoices
    union
    select 'firm', supplier_uscc from trade_receipts
) as seen
where code is not null
