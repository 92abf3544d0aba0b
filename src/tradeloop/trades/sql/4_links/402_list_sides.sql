-- gives:  list_sides: what the lists of each trade say together, beside their waybills
-- source: judging.md §2
-- reads:  trade, trade_orders, trade_lists, list_states, list_waybills, firm_spells
-- blind to: trades without a list that stands

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
