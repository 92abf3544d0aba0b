-- finding: seller-differs
-- asks:    Which papers name another selling firm than the trade's other papers?
-- source:  R11: ebcCode is equal in 303, 505, 603 and 701; an order number is unique on its platform
-- reads:   trade, trade_orders, trade_lists, list_states, list_waybills, list_summaries
-- blind to: firms under codes of two kinds without a firm row; that is parties-unavailable

with
    strangers as (
        select o.trade_id as order_trade, l.trade_id as list_trade, o.firm as order_firm, l.firm as list_firm,
            o.file as order_file, o.message as order_message, o.record as order_record,
            l.file, l.message, l.record
        from trade_lists as l
        join list_states as s on s.list_id = l.list_id and s.stands
        join trade_orders as o
            on o.order_no = l.order_no and o.ebp_code = l.ebp_code and o.trade_id <> l.trade_id and o.stands
        left join trade_orders as own on own.trade_id = l.trade_id
        where o.ebp_code <> '无' and length(o.firm) = length(l.firm) and own.trade_id is null
    )

select
    list_trade as trade_id, 'seller-differs' as code, file, message, record, 0 as line,
    'ebcCode' as field, list_firm as seen, order_firm as expected
from strangers
union all
select
    order_trade as trade_id, 'seller-differs' as code, order_file as file, order_message as message,
    order_record as record, 0 as line, 'ebcCode' as field, order_firm as seen, list_firm as expected
from strangers
union all
select
    w.trade_id, 'seller-differs' as code, w.file, w.message, w.record, 0 as line,
    'ebcCode' as field, w.ebc_code as seen, t.firm as expected
from list_waybills as w
join trade as t on t.trade_id = w.trade_id
where w.in_window and w.firm <> t.firm and length(w.firm) = length(t.firm)
union all
select
    h.trade_id, 'seller-differs' as code, h.file, h.message, h.record, 0 as line,
    'ebcCode' as field, h.ebc_code as seen, t.firm as expected
from list_summaries as h
join trade as t on t.trade_id = h.trade_id
where h.firm <> t.firm and length(h.firm) = length(t.firm)
