-- gives:  list_arrivals: each list that stands with the arrival notes that name its parcel
-- source: R8; R8: by (logisticsCode, logisticsNo)
-- reads:  arrival_lines, arrival_papers, trade_lists, list_states

select
    l.trade_id, l.list_id, h.file, h.message, h.record, n.line, h.bill_no, h.app_time
from arrival_lines as n
join arrival_papers as h on h.file = n.file and h.message = n.message and h.record = n.record
join trade_lists as l on l.carrier = h.carrier and l.logistics_no = n.logistics_no
join list_states as s on s.list_id = l.list_id and s.stands
where h.version = 1 and coalesce(h.app_type, '1') <> '3' and coalesce(h.app_status, '2') <> '1'
