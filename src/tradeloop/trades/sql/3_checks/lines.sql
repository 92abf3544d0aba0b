-- finding: line-not-ordered, line-quantity-exceeds, line-price-differs, line-unit-differs
-- asks:    Which list lines are not what was ordered?
-- source:  R4: lines correspond by item number; by line number where a line has none
-- reads:   order_lines_of_trade, list_lines_of_trade
-- blind to: trades without an order or without a list that stands

with
    -- where one line of a trade has no item number, all its lines correspond by their numbers; a list
    -- holds 20 characters of an item number, an order 30
    by_number as (
        select trade_id from order_lines_of_trade where item_no is null
        union
        select trade_id from list_lines_of_trade where item_no is null
    ),
    order_items as (
        select
            n.trade_id, n.qty, n.price, n.unit,
            case when b.trade_id is null then substr(n.item_no, 1, 20) else cast(n.gnum as string) end as item
        from order_lines_of_trade as n
        left join by_number as b on b.trade_id = n.trade_id
    ),
    list_items as (
        select
            n.trade_id, n.list_id, n.file, n.message, n.record, n.line, n.qty, n.price, n.unit,
            case when b.trade_id is null then substr(n.item_no, 1, 20) else cast(n.gnum as string) end as item
        from list_lines_of_trade as n
        left join by_number as b on b.trade_id = n.trade_id
    ),
    ordered as (
        select
            trade_id, item,
            cast(sum(qty) as decimal(28, 5)) as qty, min(price) as price_low, max(price) as price_high,
            min(unit) as unit_low, max(unit) as unit_high
        from order_items
        group by trade_id, item
    ),
    listed as (
        select
            trade_id, item,
            cast(sum(qty) as decimal(28, 5)) as qty, min(price) as price_low, max(price) as price_high,
            min(unit) as unit_low, max(unit) as unit_high,
            max(list_id) as last_list
        from list_items
        group by trade_id, item
    ),
    -- a price in between two prices of one item is looked for line by line
    doubtful as (
        select
            l.trade_id, l.item, o.item is null as not_ordered, l.qty > o.qty as exceeds,
            l.price_low <> o.price_low or l.price_high <> o.price_high as price_doubtful,
            l.unit_low <> o.unit_low or l.unit_high <> o.unit_high as unit_doubtful,
            l.qty as listed_qty, o.qty as ordered_qty, l.last_list,
            o.price_low, o.price_high, o.unit_low, o.unit_high
        from listed as l
        left join ordered as o on o.trade_id = l.trade_id and o.item = l.item
        join (select distinct trade_id from order_items) as t on t.trade_id = l.trade_id
        where o.item is null or l.qty > o.qty or l.price_low <> o.price_low or l.price_high <> o.price_high
            or l.unit_low <> o.unit_low or l.unit_high <> o.unit_high
    ),
    ordered_prices as (
        select distinct d.trade_id, d.item, o.price
        from doubtful as d
        join order_items as o
            on o.trade_id = d.trade_id and o.item = d.item
    ),
    ordered_units as (
        select distinct d.trade_id, d.item, o.unit
        from doubtful as d
        join order_items as o
            on o.trade_id = d.trade_id and o.item = d.item
    ),
    line_by_line as (
        select
            d.trade_id, d.item, d.not_ordered, d.exceeds, d.listed_qty, d.ordered_qty, d.last_list,
            n.list_id, n.file, n.message, n.record, n.line, n.price, n.unit, d.price_low, d.unit_low,
            d.price_doubtful and p.trade_id is null as price_differs,
            d.unit_doubtful and u.trade_id is null as unit_differs
        from doubtful as d
        join list_items as n
            on n.trade_id = d.trade_id and n.item = d.item
        left join ordered_prices as p on p.trade_id = d.trade_id and p.item = d.item and p.price = n.price
        left join ordered_units as u on u.trade_id = d.trade_id and u.item = d.item and u.unit = n.unit
    )

select
    trade_id, 'line-not-ordered' as code, file, message, record, line,
    'itemNo' as field, item as seen, 'an item of the order' as expected
from line_by_line
where not_ordered
union all
select
    trade_id, 'line-quantity-exceeds' as code, file, message, record, line,
    'qty' as field, cast(listed_qty as string) as seen, 'at most ' || cast(ordered_qty as string) as expected
from line_by_line
where exceeds and list_id = last_list
union all
select
    trade_id, 'line-price-differs' as code, file, message, record, line,
    'price' as field, cast(price as string) as seen, cast(price_low as string) as expected
from line_by_line
where price_differs and not not_ordered
union all
select
    trade_id, 'line-unit-differs' as code, file, message, record, line,
    'unit' as field, unit as seen, unit_low as expected
from line_by_line
where unit_differs and not not_ordered
