-- gives:  order_lines_of_trade: the lines of the orders that stand
-- source: R4
-- reads:  order_lines, trade_orders

select
    o.trade_id, o.currency as head_currency, n.file, n.message, n.record, n.line, n.gnum, n.item_no, n.unit, n.currency, n.qty, n.price,
    n.total_price
from order_lines as n
join trade_orders as o on o.file = n.file and o.message = n.message and o.record = n.record
where o.stands
