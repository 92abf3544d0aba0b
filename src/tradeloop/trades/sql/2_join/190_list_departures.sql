-- gives:  list_departures: each list that stands with the departure notes that name its parcel
-- source: V7; R8: by (logisticsCode, logisticsNo)
-- reads:  departure_lines, departure_papers, trade_lists, list_states

select
    l.trade_id, l.list_id, h.file, h.message, h.record, n.line, h.bill_no, h.leave_time
from departure_lines as n
join departure_papers as h on h.file = n.file and h.message = n.message and h.record = n.record
join trade_lists as l on l.carrier = h.carrier and l.logistics_no = n.logistics_no
join list_states as s on s.list_id = l.list_id and s.stands
where h.version = 1 and coalesce(h.app_type, '1') <> '3' and coalesce(h.app_status, '2') <> '1'
