-- gives:  link_presence: for each trade and link whether both sides are here, with what each says
-- as:     view
-- source: judging.md §2, §3: missing, stale and unavailable; a mismatch comes from the checks
-- reads:  trade_sides, trade_terms, goods_presence

select
    trade_id, mode, dated_at, 'order' as link,
    case when order_number is null then 'missing' else 'match' end as status,
    order_number as left_seen, cast(null as string) as right_seen, cast(null as string) as tolerance
from trade_sides
union all
select trade_id, mode, dated_at, 'list', case when lists = 0 then 'missing' else 'match' end, invt_no, 'lists: ' || cast(lists as string), null
from trade_sides
union all
select
    trade_id, mode, dated_at, 'order-list',
    case
        when order_number is null or lists = 0 then 'missing'
        when unlike_platform is not null then 'unavailable'
        else 'match'
    end,
    order_number, coalesce(unlike_platform, order_no), 'exact'
from trade_sides
union all
select
    trade_id, mode, dated_at, 'list-waybill',
    case
        when lists = 0 or waybill_state = 0 then 'missing'
        when waybill_state = 1 then 'stale'
        else 'match'
    end,
    logistics_no, waybill_no,
    cast(waybill_window_before as string) || ' days before to ' || cast(waybill_window_after as string) || ' months after'
from trade_sides
union all
select
    trade_id, mode, dated_at, 'weight',
    case when gross_weight is null or waybill_weight is null then 'missing' else 'match' end,
    cast(gross_weight as string), cast(waybill_weight as string), cast(weight_bp as string) || ' basis points'
from trade_sides
union all
select
    trade_id, mode, dated_at, 'lines', case when not lines_comparable then 'missing' else 'match' end,
    'lines: ' || cast(order_line_count as string), 'lines: ' || cast(list_line_count as string), 'exact'
from trade_sides
union all
select
    trade_id, mode, dated_at, 'goods-value',
    case
        when goods_value is null or list_line_count = 0 or order_amount_count < order_line_count
            or list_amount_count < list_line_count or order_currency is null or list_currency is null then 'missing'
        else 'match'
    end,
    cast(goods_value as string), cast(list_lines_total as string), cast(line_total as string) || ' for each line'
from trade_sides
union all
select
    trade_id, mode, dated_at, 'parties',
    case
        when unresolved = 1 or unlike_firm is not null then 'unavailable'
        when ebc_code is null or lists = 0 then 'missing'
        else 'match'
    end,
    ebc_code, coalesce(unlike_firm, firm), 'firm table'
from trade_sides
union all
select
    trade_id, mode, dated_at, 'released',
    case
        when all_released = 1 then 'match'
        when lists > 0 and ie_date + release_days * interval '1' day < on_date then 'stale'
        else 'missing'
    end,
    cast(released_at as string), cast(answered_at as string), cast(release_days as string) || ' days after ieDate'
from trade_sides
union all
select
    trade_id, mode, dated_at, 'collection', case when collections = 0 then 'missing' else 'match' end,
    cast(charge as string), cast(goods_value + freight as string), cast(collection as string)
from trade_sides
union all
select
    trade_id, mode, dated_at, 'departure', case when lists = 0 or coalesce(departed, 0) < lists then 'missing' else 'match' end,
    cast(leave_time as string), cast(released_at as string), 'days of slack: ' || cast(date_slack_days as string)
from trade_sides
union all
select
    trade_id, mode, dated_at, 'arrival',
    case when lists = 0 or coalesce(arrived, 0) < lists then 'missing' else 'match' end,
    cast(arrived as string), cast(lists as string), null
from trade_sides
union all
select
    trade_id, mode, dated_at, 'manifest',
    case when lists = 0 or coalesce(manifested, 0) < lists then 'missing' else 'match' end,
    cast(manifested as string), cast(lists as string), null
from trade_sides
union all
select
    trade_id, mode, dated_at, 'summary',
    case when lists = 0 or coalesce(summarised, 0) < lists then 'missing' else 'match' end,
    cast(summarised as string), entry_id, null
from trade_sides
union all
select
    trade_id, mode, dated_at, 'dates',
    case when order_number is null or lists = 0 then 'missing' else 'match' end,
    null, null, 'days of slack: ' || cast(date_slack_days as string)
from trade_sides
union all
-- a direct sale is declared by its list
select trade_id, mode, dated_at, 'declaration', case when lists = 0 then 'missing' else 'match' end, order_number, invt_no, null
from trade_sides
union all
-- V4: what was paid, or what is owed and when
select
    s.trade_id, s.mode, s.dated_at, 'payment', case when s.collections = 0 and m.due_on is null then 'missing' else 'match' end,
    cast(s.charge as string), coalesce('due on ' || cast(m.due_on as string), cast(s.goods_value + s.freight as string)),
    cast(s.collection as string)
from trade_sides as s
left join trade_terms as m on m.trade_id = s.trade_id
union all
select
    s.trade_id, s.mode, s.dated_at, 'credit-terms', case when m.due_on is null then 'missing' else 'match' end,
    m.rule, cast(m.due_on as string), null
from trade_sides as s
left join trade_terms as m on m.trade_id = s.trade_id
union all
select trade_id, mode, dated_at, link, status, left_seen, right_seen, tolerance
from goods_presence
