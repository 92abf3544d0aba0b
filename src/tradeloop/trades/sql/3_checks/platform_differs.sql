-- finding: platform-differs
-- asks:    Which lists name another platform than their order?
-- source:  R1: ebpCode must agree; 无 is a foreign platform without a code
-- reads:   trade_orders, trade_lists, list_states, firm_spells
-- blind to: trades without an order or a list; platforms under codes of two kinds without a firm row

select
    l.trade_id, 'platform-differs' as code, l.file, l.message, l.record, 0 as line,
    'ebpCode' as field, l.ebp_code as seen, o.ebp_code as expected
from trade_lists as l
join list_states as s on s.list_id = l.list_id and s.stands
join trade_orders as o on o.trade_id = l.trade_id and o.stands
left join firm_spells as a
    on a.code = o.ebp_code and o.app_time >= a.from_time and (a.until_time is null or o.app_time < a.until_time)
left join firm_spells as b
    on b.code = l.ebp_code and l.app_time >= b.from_time and (b.until_time is null or l.app_time < b.until_time)
where o.ebp_code <> l.ebp_code and coalesce(a.firm, o.ebp_code) <> coalesce(b.firm, l.ebp_code)
    and o.ebp_code <> '无' and l.ebp_code <> '无'
    -- a customs code and a credit code may be one firm's: that link is unavailable
    and not (
        length(coalesce(a.firm, o.ebp_code)) in (10, 18) and length(coalesce(b.firm, l.ebp_code)) in (10, 18)
        and length(coalesce(a.firm, o.ebp_code)) <> length(coalesce(b.firm, l.ebp_code))
    )
