-- gives:  list_departures: each list that stands with the departure notes that name its parcel
-- source: V7; R8: by (logisticsCode, logisticsNo), within the waybill's window: numbers
--         are used again after six months
-- reads:  departure_lines, departure_papers, trade_lists, list_states, tolerances, notes_rejected

select
    l.trade_id, l.list_id, h.file, h.message, h.record, n.line, h.bill_no, h.leave_time
from departure_lines as n
join departure_papers as h on h.file = n.file and h.message = n.message and h.record = n.record
join trade_lists as l on l.carrier = h.carrier and l.logistics_no = n.logistics_no
join list_states as s on s.list_id = l.list_id and s.stands
cross join tolerances as t
left join notes_rejected as r on r.kind = 'CEB510' and r.cop_no = h.cop_no and (r.part is null or r.part = h.msg_seq_no)
where r.cop_no is null and h.version = 1 and coalesce(h.app_type, '1') <> '3' and coalesce(h.app_status, '2') <> '1'
    and coalesce(
        coalesce(h.leave_time, h.app_time) >= l.ie_date - t.waybill_window_before * interval '1' day
        and coalesce(h.leave_time, h.app_time) <= l.ie_date + t.waybill_window_after * interval '1' month, true
    )
