-- finding: currency-differs
-- asks:    Which orders are in another currency than their lines or their lists?
-- source:  R5; the same currency under its ISO code and its customs code is one
-- reads:   trade_orders, order_lines_of_trade, list_lines_of_trade, currencies
-- blind to: trades without an order

with
    wanted as (
        select o.trade_id, o.currency, coalesce(c.iso, o.currency) as iso
        from trade_orders as o
        left join currencies as c on c.code = o.currency
        where o.stands
    )

select
    n.trade_id, 'currency-differs' as code, n.file, n.message, n.record, n.line,
    'currency' as field, n.currency as seen, w.currency as expected
from (
    select trade_id, file, message, record, line, currency from order_lines_of_trade
    union all
    select trade_id, file, message, record, line, currency from list_lines_of_trade
) as n
join wanted as w on w.trade_id = n.trade_id
left join currencies as c on c.code = n.currency
where coalesce(c.iso, n.currency) <> w.iso
