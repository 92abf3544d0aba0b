-- finding: waybill-reused
-- asks:    Which lists share one waybill with another list?
-- source:  R2: one parcel, one waybill, one list
-- reads:   list_waybills, trade_lists
-- blind to: lists whose waybill is not here

with
    shared as (
        select file, message, record, min(list_id) as first_list, max(list_id) as last_list
        from list_waybills
        where in_window
        group by file, message, record
        having count(*) > 1
    )

select
    l.trade_id, 'waybill-reused' as code, l.file, l.message, l.record, 0 as line,
    'logisticsNo' as field, l.logistics_no as seen,
    'a waybill of its own; also on the list for order ' || other.order_no as expected
from shared as s
join list_waybills as w on w.file = s.file and w.message = s.message and w.record = s.record and w.in_window
join trade_lists as l on l.list_id = w.list_id
join trade_lists as other
    on other.list_id = case when w.list_id = s.first_list then s.last_list else s.first_list end
