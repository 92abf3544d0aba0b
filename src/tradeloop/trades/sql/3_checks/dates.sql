-- finding: dates-out-of-order
-- asks:    Which trades' order, waybill and list do not follow one another?
-- source:  judging.md §4: order <= waybill <= list by appTime, one day of slack
-- reads:   trade_orders, trade_lists, list_states, list_waybills, tolerances
-- blind to: papers without a time

select
    w.trade_id, 'dates-out-of-order' as code, w.file, w.message, w.record, 0 as line,
    'appTime' as field, cast(w.app_time as string) as seen, 'not before the order of ' || cast(o.first_time as string) as expected
from list_waybills as w
join trade_orders as o on o.trade_id = w.trade_id and o.stands
cross join tolerances as t
where w.in_window and o.first_time > w.app_time + t.date_slack_days * interval '1' day
union all
select
    l.trade_id, 'dates-out-of-order' as code, l.file, l.message, l.record, 0 as line,
    'appTime' as field, cast(l.app_time as string) as seen, 'not before the waybill of ' || cast(w.first_time as string) as expected
from trade_lists as l
join list_states as s on s.list_id = l.list_id and s.stands
join list_waybills as w on w.list_id = l.list_id and w.in_window
cross join tolerances as t
where w.first_time > l.app_time + t.date_slack_days * interval '1' day
union all
select
    l.trade_id, 'dates-out-of-order' as code, l.file, l.message, l.record, 0 as line,
    'appTime' as field, cast(l.app_time as string) as seen, 'not before the order of ' || cast(o.first_time as string) as expected
from trade_lists as l
join list_states as s on s.list_id = l.list_id and s.stands
join trade_orders as o on o.trade_id = l.trade_id and o.stands
cross join tolerances as t
where o.first_time > l.app_time + t.date_slack_days * interval '1' day
