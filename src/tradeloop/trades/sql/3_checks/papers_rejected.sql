-- finding: order-rejected, waybill-rejected
-- asks:    Which orders and waybills does the latest customs answer reject?
-- source:  judging.md §1: 304 by (orderNo, ebcCode), 506 by (logisticsCode, logisticsNo) in its window; status 100 or below zero
-- reads:   trade_orders, list_waybills, answer_papers, tolerances
-- blind to: papers without an answer

with
    order_last as (
        select o.trade_id, max(a.return_time) as last_time
        from answer_papers as a
        join trade_orders as o on o.firm = a.firm and o.order_no = a.order_no
        where a.kind = 'CEB304' and o.stands and a.decides
            and (o.app_time is null or a.return_time >= o.app_time)
        group by o.trade_id
    ),
    order_status as (
        select l.trade_id, max(a.status) as status
        from order_last as l
        join trade_orders as o on o.trade_id = l.trade_id
        join answer_papers as a
            on a.firm = o.firm and a.order_no = o.order_no and a.return_time = l.last_time and a.kind = 'CEB304' and a.decides
        group by l.trade_id
    ),
    waybill_answers as (
        select w.list_id, a.return_time, a.status
        from answer_papers as a
        join list_waybills as w on w.carrier = a.carrier and w.logistics_no = a.logistics_no and w.in_window
        cross join tolerances as t
        where a.kind = 'CEB506' and a.decides
            and (w.app_time is null or (
                a.return_time >= w.app_time
                and a.return_time <= w.app_time + t.waybill_window_after * interval '1' month
            ))
    ),
    waybill_last as (
        select list_id, max(return_time) as last_time from waybill_answers group by list_id
    ),
    waybill_status as (
        select a.list_id, max(a.status) as status
        from waybill_answers as a
        join waybill_last as l on l.list_id = a.list_id and l.last_time = a.return_time
        group by a.list_id
    )

select
    o.trade_id, 'order-rejected' as code, o.file, o.message, o.record, 0 as line,
    'returnStatus' as field, cast(s.status as string) as seen, '120' as expected
from order_status as s
join trade_orders as o on o.trade_id = s.trade_id
where s.status = 100 or s.status < 0
union all
select
    w.trade_id, 'waybill-rejected' as code, w.file, w.message, w.record, 0 as line,
    'returnStatus' as field, cast(s.status as string) as seen, '120' as expected
from waybill_status as s
join list_waybills as w on w.list_id = s.list_id
where s.status = 100 or s.status < 0
