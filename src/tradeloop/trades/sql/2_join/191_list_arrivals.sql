-- gives:  list_arrivals: each list that stands with the arrival notes that name its parcel
-- source: R8; R8: by (logisticsCode, logisticsNo), within the waybill's window: numbers
--         are used again after six months
-- reads:  arrival_lines, arrival_papers, trade_lists, list_states, tolerances, notes_rejected

select
    l.trade_id, l.list_id, h.file, h.message, h.record, n.line, h.bill_no, h.app_time
from arrival_lines as n
join arrival_papers as h on h.file = n.file and h.message = n.message and h.record = n.record
join trade_lists as l on l.carrier = h.carrier and l.logistics_no = n.logistics_no
join list_states as s on s.list_id = l.list_id and s.stands
cross join tolerances as t
left join notes_rejected as r on r.kind = 'CEB508' and r.cop_no = h.cop_no and (r.part is null or r.part = h.msg_seq_no)
where r.cop_no is null and h.version = 1 and coalesce(h.app_type, '1') <> '3' and coalesce(h.app_status, '2') <> '1'
    and coalesce(
        h.app_time >= l.ie_date - t.waybill_window_before * interval '1' day
        and h.app_time <= l.ie_date + t.waybill_window_after * interval '1' month, true
    )
