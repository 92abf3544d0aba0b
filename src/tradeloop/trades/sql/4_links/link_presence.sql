-- gives:  link_presence: for each trade and link whether both sides are here, with what each says
-- source: judging §2, §3: missing, stale and unavailable; a mismatch comes from the checks
-- reads:  trade, trade_orders, trade_lists, list_states, list_waybills, trade_sums, trade_collections,
--         list_departures, list_arrivals, list_manifests, list_summaries, list_results, tolerances, judging

with
    lists as (
        select
            t.trade_id,
            count(l.list_id) as lists,
            max(l.order_no) as order_no,
            min(case when w.list_id is null then 0 when w.in_window then 2 else 1 end) as waybill_state,
            min(l.logistics_no) as logistics_no,
            min(w.logistics_no) as waybill_no,
            min(l.gross_weight) as gross_weight,
            min(w.gross_weight) as waybill_weight,
            min(case when s.released then 1 else 0 end) as all_released,
            min(s.released_at) as released_at,
            max(s.last_time) as answered_at,
            max(l.ie_date) as ie_date,
            min(s.invt_no) as invt_no,
            max(case when w.firm <> t.firm and length(w.firm) <> length(t.firm) then w.firm end) as waybill_firm
        from trade as t
        join list_states as s on s.trade_id = t.trade_id and s.stands
        join trade_lists as l on l.list_id = s.list_id
        left join list_waybills as w on w.list_id = l.list_id
        group by t.trade_id
    ),
    departed as (
        select trade_id, count(distinct list_id) as lists, max(leave_time) as leave_time
        from list_departures group by trade_id
    ),
    arrived as (select trade_id, count(distinct list_id) as lists from list_arrivals group by trade_id),
    manifested as (select trade_id, count(distinct list_id) as lists from list_manifests group by trade_id),
    summarised as (
        select
            h.trade_id, count(distinct h.list_id) as lists,
            max(case when h.firm <> t.firm and length(h.firm) <> length(t.firm) then h.firm end) as summary_firm
        from list_summaries as h
        join trade as t on t.trade_id = h.trade_id
        group by h.trade_id
    ),
    resulted as (
        select trade_id, count(distinct list_id) as lists, max(entry_id) as entry_id from list_results group by trade_id
    ),
    collected as (
        select trade_id, cast(sum(charge) as decimal(28, 5)) as charge, count(*) as collections
        from trade_collections where not rejected group by trade_id
    ),
    wide as (
        select
            t.trade_id, t.firm, t.unresolved, coalesce(l.waybill_firm, u.summary_firm) as unlike_firm, o.order_no as order_number, o.goods_value, o.ebc_code,
            coalesce(l.lists, 0) as lists, l.waybill_state, l.logistics_no, l.waybill_no, l.gross_weight,
            l.waybill_weight, l.all_released, l.released_at, l.answered_at, l.ie_date, l.invt_no, l.order_no,
            s.order_line_count, s.list_line_count, s.order_amount_count, s.list_amount_count,
            s.list_lines_total, s.freight,
            d.lists as departed, d.leave_time, a.lists as arrived, m.lists as manifested, u.lists as summarised,
            r.lists as resulted, r.entry_id, c.charge, coalesce(c.collections, 0) as collections,
            j.on_date, p.release_days, p.weight_bp, p.line_total, p.collection, p.date_slack_days,
            p.waybill_window_before, p.waybill_window_after
        from trade as t
        left join trade_orders as o on o.trade_id = t.trade_id and o.stands
        left join lists as l on l.trade_id = t.trade_id
        left join trade_sums as s on s.trade_id = t.trade_id
        left join departed as d on d.trade_id = t.trade_id
        left join arrived as a on a.trade_id = t.trade_id
        left join manifested as m on m.trade_id = t.trade_id
        left join summarised as u on u.trade_id = t.trade_id
        left join resulted as r on r.trade_id = t.trade_id
        left join collected as c on c.trade_id = t.trade_id
        cross join judging as j
        cross join tolerances as p
    )

select
    trade_id, 'order' as link,
    case when order_number is null then 'missing' else 'match' end as status,
    order_number as left_seen, cast(null as varchar) as right_seen, cast(null as varchar) as tolerance
from wide
union all
select trade_id, 'list', case when lists = 0 then 'missing' else 'match' end, invt_no, cast(lists as varchar) || ' lists', null
from wide
union all
select
    trade_id, 'order-list',
    case when order_number is null or lists = 0 then 'missing' else 'match' end,
    order_number, order_no, 'exact'
from wide
union all
select
    trade_id, 'list-waybill',
    case
        when lists = 0 or waybill_state = 0 then 'missing'
        when waybill_state = 1 then 'stale'
        else 'match'
    end,
    logistics_no, waybill_no,
    cast(waybill_window_before as varchar) || ' days before to ' || cast(waybill_window_after as varchar) || ' months after'
from wide
union all
select
    trade_id, 'weight',
    case when gross_weight is null or waybill_weight is null then 'missing' else 'match' end,
    cast(gross_weight as varchar), cast(waybill_weight as varchar), cast(weight_bp as varchar) || ' basis points'
from wide
union all
select
    trade_id, 'lines', case when order_line_count = 0 or list_line_count = 0 then 'missing' else 'match' end,
    cast(order_line_count as varchar) || ' lines', cast(list_line_count as varchar) || ' lines', 'exact'
from wide
union all
select
    trade_id, 'goods-value',
    case
        when goods_value is null or list_line_count = 0 or order_amount_count < order_line_count
            or list_amount_count < list_line_count then 'missing'
        else 'match'
    end,
    cast(goods_value as varchar), cast(list_lines_total as varchar), cast(line_total as varchar) || ' for each line'
from wide
union all
select
    trade_id, 'parties',
    case
        when unresolved = 1 or unlike_firm is not null then 'unavailable'
        when ebc_code is null or lists = 0 then 'missing'
        else 'match'
    end,
    ebc_code, coalesce(unlike_firm, firm), 'firm table'
from wide
union all
select
    trade_id, 'released',
    case
        when all_released = 1 then 'match'
        when lists > 0 and ie_date + release_days * interval '1' day < on_date then 'stale'
        else 'missing'
    end,
    cast(released_at as varchar), cast(answered_at as varchar), cast(release_days as varchar) || ' days after ieDate'
from wide
union all
select
    trade_id, 'collection', case when collections = 0 then 'missing' else 'match' end,
    cast(charge as varchar), cast(goods_value + freight as varchar), cast(collection as varchar)
from wide
union all
select
    trade_id, 'departure', case when lists = 0 or coalesce(departed, 0) < lists then 'missing' else 'match' end,
    cast(leave_time as varchar), cast(released_at as varchar), cast(date_slack_days as varchar) || ' days'
from wide
union all
select trade_id, 'arrival', case when lists = 0 or coalesce(arrived, 0) < lists then 'missing' else 'match' end, cast(arrived as varchar), cast(lists as varchar), null
from wide
union all
select trade_id, 'manifest', case when lists = 0 or coalesce(manifested, 0) < lists then 'missing' else 'match' end, cast(manifested as varchar), cast(lists as varchar), null
from wide
union all
select trade_id, 'summary', case when lists = 0 or coalesce(summarised, 0) < lists then 'missing' else 'match' end, cast(summarised as varchar), entry_id, null
from wide
union all
select trade_id, 'dates', case when order_number is null or lists = 0 then 'missing' else 'match' end, null, null, cast(date_slack_days as varchar) || ' days'
from wide
