-- gives:  trade_sides: for each trade of parcels what both sides of each link say, in one row
-- source: judging.md §2, §3
-- reads:  trade, trade_orders, list_sides, trade_sums, parcel_sides, tolerances, judging

select
    t.trade_id, t.mode, t.dated_at, t.firm, t.unresolved, coalesce(l.waybill_firm, n.summary_firm) as unlike_firm,
    o.order_no as order_number, o.goods_value, o.ebc_code,
    coalesce(l.lists, 0) as lists, l.unlike_platform, l.waybill_state, l.logistics_no, l.waybill_no, l.gross_weight,
    l.waybill_weight, l.all_released, l.released_at, l.answered_at, l.ie_date, l.invt_no, l.order_no,
    s.order_line_count, s.list_line_count, s.order_amount_count, s.list_amount_count,
    s.list_lines_total, s.freight, s.order_currency, s.list_currency, s.lines_comparable,
    n.departed, n.leave_time, n.arrived, n.manifested, n.summarised, n.resulted, n.entry_id, n.charge,
    coalesce(n.collections, 0) as collections,
    j.on_date, p.release_days, p.weight_bp, p.line_total, p.collection, p.date_slack_days,
    p.waybill_window_before, p.waybill_window_after
from trade as t
left join trade_orders as o on o.trade_id = t.trade_id and o.stands
left join list_sides as l on l.trade_id = t.trade_id
left join trade_sums as s on s.trade_id = t.trade_id
left join parcel_sides as n on n.trade_id = t.trade_id
cross join judging as j
cross join tolerances as p
where t.family = 'parcels'
