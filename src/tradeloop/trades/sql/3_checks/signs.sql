-- finding: amount-negative, quantity-not-positive
-- asks:    Which amounts are below zero, and which quantities are not above it?
-- source:  R5; a return is declared by message 213
-- reads:   trade_orders, order_lines_of_trade, list_lines_of_trade, trade_collections, trade_lists,
--          list_states, list_returns
-- blind to: papers of trades that are not here

with
    amounts as (
        select trade_id, file, message, record, 0 as line, 'goodsValue' as field, goods_value as amount
        from trade_orders where stands and goods_value < 0
        union all
        select trade_id, file, message, record, 0, 'freight', freight from trade_orders where stands and freight < 0
        union all
        select trade_id, file, message, record, line, 'totalPrice', total_price
        from order_lines_of_trade where total_price < 0
        union all
        select trade_id, file, message, record, line, 'price', price from order_lines_of_trade where price < 0
        union all
        select trade_id, file, message, record, line, 'totalPrice', total_price
        from list_lines_of_trade where total_price < 0
        union all
        select trade_id, file, message, record, line, 'price', price from list_lines_of_trade where price < 0
        union all
        select trade_id, file, message, record, 0, 'charge', charge from trade_collections where charge < 0
        union all
        select l.trade_id, l.file, l.message, l.record, 0, 'grossWeight', l.gross_weight
        from trade_lists as l join list_states as s on s.list_id = l.list_id and s.stands
        where l.gross_weight < 0
        union all
        select l.trade_id, l.file, l.message, l.record, 0, 'netWeight', l.net_weight
        from trade_lists as l join list_states as s on s.list_id = l.list_id and s.stands
        where l.net_weight < 0
        union all
        select l.trade_id, l.file, l.message, l.record, 0, 'freight', l.freight
        from trade_lists as l join list_states as s on s.list_id = l.list_id and s.stands
        where l.freight < 0
    )

select
    trade_id, 'amount-negative' as code, file, message, record, line,
    field, cast(amount as string) as seen, 'zero or more' as expected
from amounts
union all
select
    trade_id, 'quantity-not-positive' as code, file, message, record, line,
    'qty' as field, coalesce(cast(qty as string), 'nothing') as seen, 'more than zero' as expected
from (
    select trade_id, file, message, record, line, qty from order_lines_of_trade where qty <= 0
    union all
    select trade_id, file, message, record, line, qty from list_lines_of_trade where qty <= 0
    union all
    select trade_id, file, message, record, line, qty from list_returns where qty <= 0 or qty is null
) as n
