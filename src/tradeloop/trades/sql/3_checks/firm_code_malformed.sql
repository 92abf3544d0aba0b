-- finding: firm-code-malformed
-- asks:    Which orders and lists bear a selling firm's code that cannot be right?
-- source:  GB 32100-2015 (check digit); R11
-- reads:   trade_orders, trade_lists, list_states, firm_codes
-- blind to: codes of carriers, platforms and agents

select
    o.trade_id, 'firm-code-malformed' as code, o.file, o.message, o.record, 0 as line,
    'ebcCode' as field, o.ebc_code as seen, f.because as expected
from trade_orders as o
join firm_codes as f on f.code = o.ebc_code
where o.stands
union all
select
    l.trade_id, 'firm-code-malformed' as code, l.file, l.message, l.record, 0 as line,
    'ebcCode' as field, l.ebc_code as seen, f.because as expected
from trade_lists as l
join list_states as s on s.list_id = l.list_id and s.stands
join firm_codes as f on f.code = l.ebc_code
