-- finding: line-not-ordered, line-quantity-exceeds, line-price-differs, line-unit-differs
-- asks:    Which list lines are not what was ordered?
-- source:  R4: lines correspond by item number; by line number where a line has none
-- reads:   order_lines_of_trade, list_lines_of_trade
-- blind to: trades without an order or without a list that stands

with
    ordered as (
        select
            trade_id, coalesce(item_no, cast(gnum as string)) as item,
            cast(sum(qty) as decimal(28, 5)) as qty, min(price) as price_low, max(price) as price_high,
            min(unit) as unit_low, max(unit) as unit_high
        from order_lines_of_trade
        group by trade_id, coalesce(item_no, cast(gnum as string))
    ),
    listed as (
        select
            trade_id, coalesce(item_no, cast(gnum as string)) as item,
            cast(sum(qty) as decimal(28, 5)) as qty, min(price) as price_low, max(price) as price_high,
            min(unit) as unit_low, max(unit) as unit_high,
            min(file) as file, max(list_id) as last_list
        from list_lines_of_trade
        group by trade_id, coalesce(item_no, cast(gnum as string))
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
        join (select distinct trade_id from order_lines_of_trade) as t on t.trade_id = l.trade_id
        where o.item is null or l.qty > o.qty or l.price_low <> o.price_low or l.price_high <> o.price_high
            or l.unit_low <> o.unit_low or l.unit_high <> o.unit_high
    ),
    ordered_prices as (
        select distinct d.trade_id, d.item, o.price
        from doubtful as d
        join order_lines_of_trade as o
            on o.trade_id = d.trade_id and coalesce(o.item_no, cast(o.gnum as string)) = d.item
    ),
    ordered_units as (
        select distinct d.trade_id, d.item, o.unit
        from doubtful as d
        join order_lines_of_trade as o
            on o.trade_id = d.trade_id and coalesce(o.item_no, cast(o.gnum as string)) = d.item
    ),
    line_by_line as (
        select
            d.trade_id, d.item, d.not_ordered, d.exceeds, d.listed_qty, d.ordered_qty, d.last_list,
            n.list_id, n.file, n.message, n.record, n.line, n.price, n.unit, d.price_low, d.unit_low,
            d.price_doubtful and p.trade_id is null as price_differs,
            d.unit_doubtful and u.trade_id is null as unit_differs
        from doubtful as d
        join list_lines_of_trade as n
            on n.trade_id = d.trade_id and coalesce(n.item_no, cast(n.gnum as string)) = d.item
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
