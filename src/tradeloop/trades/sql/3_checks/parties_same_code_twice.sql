-- finding: parties-same-code-twice
-- asks:    Which trades name their firm under two codes that the firm table joins?
-- source:  R11; judging.md §1
-- reads:   trade_orders, trade_lists, list_states
-- blind to: trades without an order or a list

select
    l.trade_id, 'parties-same-code-twice' as code, l.file, l.message, l.record, 0 as line,
    'ebcCode' as field, l.ebc_code as seen, o.ebc_code as expected
from trade_lists as l
join list_states as s on s.list_id = l.list_id and s.stands
join trade_orders as o on o.trade_id = l.trade_id and o.stands
where o.ebc_code <> l.ebc_code and o.firm = l.firm
