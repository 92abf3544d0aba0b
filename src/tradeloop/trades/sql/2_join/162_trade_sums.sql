-- gives:  trade_sums: each trade's order and lists in figures
-- source: R5
-- reads:  trade_keys, trade_orders, order_lines_of_trade, list_lines_of_trade, currencies
-- blind to: nothing of the trade; sums over lines without an amount are marked by the counts

with
    ordered as (
        select
            trade_id, cast(sum(total_price) as decimal(28, 5)) as total, count(*) as line_count,
            count(total_price) as amount_count,
            min(case when qty is null or price is null or unit is null then 0 else 1 end) as comparable
        from order_lines_of_trade
        group by trade_id
    ),
    listed as (
        select
            n.trade_id, cast(sum(n.total_price) as decimal(28, 5)) as total, count(*) as line_count,
            count(n.total_price) as amount_count, min(coalesce(c.iso, n.currency)) as currency,
            max(coalesce(c.iso, n.currency)) as currency_high,
            count(n.currency) as currency_count,
            min(case when n.qty is null or n.price is null or n.unit is null then 0 else 1 end) as comparable
        from list_lines_of_trade as n
        left join currencies as c on c.code = n.currency
        group by n.trade_id
    ),
    trades as (select distinct trade_id from trade_keys)

select
    t.trade_id,
    o.goods_value, coalesce(o.freight, 0) as freight, coalesce(c.iso, o.currency) as order_currency,
    ordered.total as order_lines_total, coalesce(ordered.line_count, 0) as order_line_count,
    coalesce(ordered.amount_count, 0) as order_amount_count,
    listed.total as list_lines_total, coalesce(listed.line_count, 0) as list_line_count,
    coalesce(listed.amount_count, 0) as list_amount_count,
    case when listed.currency_count = listed.line_count then listed.currency end as list_currency,
    case when listed.currency_count = listed.line_count then listed.currency_high end as list_currency_high,
    coalesce(ordered.comparable, 0) = 1 and coalesce(listed.comparable, 0) = 1 as lines_comparable
from trades as t
left join trade_orders as o on o.trade_id = t.trade_id and o.stands
left join currencies as c on c.code = o.currency
left join ordered on ordered.trade_id = t.trade_id
left join listed on listed.trade_id = t.trade_id
