-- gives:  trade_sides: for each trade what both sides of each link say, in one row
-- source: judging.md §2, §3
-- reads:  trade, trade_orders, trade_lists, list_states, list_waybills, trade_sums, trade_collections,
--         list_departures, list_arrivals, list_manifests, list_summaries, list_results, tolerances, judging, firm_spells

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
            max(case when w.firm <> t.firm and length(w.firm) <> length(t.firm) then w.firm end) as waybill_firm,
            max(case when x.code is null and y.code is null
                and length(o.ebp_code) in (10, 18) and length(l.ebp_code) in (10, 18)
                and length(o.ebp_code) <> length(l.ebp_code) then l.ebp_code end) as unlike_platform
        from trade as t
        join list_states as s on s.trade_id = t.trade_id and s.stands
        join trade_lists as l on l.list_id = s.list_id
        left join list_waybills as w on w.list_id = l.list_id
        left join trade_orders as o on o.trade_id = t.trade_id and o.stands
        left join (select distinct code from firm_spells) as x on x.code = o.ebp_code
        left join (select distinct code from firm_spells) as y on y.code = l.ebp_code
        group by t.trade_id
    ),
    departed as (
        select trade_id, count(distinct list_id) as lists, max(leave_time) as leave_time
        from list_departures
        cross join judging as j
        where leave_time < cast(j.on_date as timestamp) + interval '1' day
        group by trade_id
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
        from trade_collections where not rejected and charge > 0 group by trade_id
    )

select
    t.trade_id, t.mode, t.dated_at, t.firm, t.unresolved, coalesce(l.waybill_firm, u.summary_firm) as unlike_firm, o.order_no as order_number, o.goods_value, o.ebc_code,
    coalesce(l.lists, 0) as lists, l.unlike_platform, l.waybill_state, l.logistics_no, l.waybill_no, l.gross_weight,
    l.waybill_weight, l.all_released, l.released_at, l.answered_at, l.ie_date, l.invt_no, l.order_no,
    s.order_line_count, s.list_line_count, s.order_amount_count, s.list_amount_count,
    s.list_lines_total, s.freight, s.order_currency, s.list_currency, s.lines_comparable,
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
