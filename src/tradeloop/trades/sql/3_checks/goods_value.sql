-- finding: goods-value-differs, list-exceeds-order, partly-exported
-- asks:    Which orders are not the sum of their lines, and which lists declare more or less than the order?
-- source:  R5; judging.md §2 (several lists, their sum at most the order), §4 (exact to five decimals)
-- reads:   trade_orders, trade_sums, list_states, trade_lists
-- blind to: trades where an amount is missing, or whose order and lists are in two currencies

select
    o.trade_id, 'goods-value-differs' as code, o.file, o.message, o.record, 0 as line,
    'goodsValue' as field, cast(o.goods_value as string) as seen, cast(s.order_lines_total as string) as expected
from trade_orders as o
join trade_sums as s on s.trade_id = o.trade_id
where o.stands and s.order_line_count > 0 and s.order_amount_count = s.order_line_count
    and o.goods_value <> s.order_lines_total
union all
select
    o.trade_id, 'list-exceeds-order' as code, l.file, l.message, l.record, 0 as line,
    'totalPrice' as field, cast(s.list_lines_total as string) as seen,
    'at most ' || cast(o.goods_value as string) as expected
from trade_orders as o
join trade_sums as s on s.trade_id = o.trade_id
join (
    select l.trade_id, max(l.list_id) as list_id
    from trade_lists as l
    join list_states as t on t.list_id = l.list_id and t.stands
    group by l.trade_id
) as last on last.trade_id = o.trade_id
join trade_lists as l on l.list_id = last.list_id
where o.stands and s.list_amount_count = s.list_line_count and s.list_lines_total > o.goods_value
    and s.list_currency = s.order_currency and s.list_currency_high = s.order_currency
union all
select
    o.trade_id, 'partly-exported' as code, o.file, o.message, o.record, 0 as line,
    'goodsValue' as field, cast(s.list_lines_total as string) as seen, cast(o.goods_value as string) as expected
from trade_orders as o
join trade_sums as s on s.trade_id = o.trade_id
where o.stands and s.list_line_count > 0 and s.list_amount_count = s.list_line_count
    and s.list_lines_total < o.goods_value
    and s.list_currency = s.order_currency and s.list_currency_high = s.order_currency
