-- finding: list-cancelled, cancel-requested, paper-deleted, paper-draft, list-rejected, release-withdrawn, list-detained
-- asks:    What became of each list, and which papers were deleted or never declared?
-- source:  judging.md §2: a 605 counts only with its 606 = 399; 100, 5xx, 700 or below zero after a release contradict
-- reads:   trade_lists, list_states, trade_orders, waybill_papers, collection_papers, trade_keys
-- blind to: statuses that our table lacks

select
    l.trade_id, s.code, l.file, l.message, l.record, 0 as line, s.field, s.seen, s.expected
from trade_lists as l
join (
    select list_id, 'list-cancelled' as code, 'copNo' as field, 'cancelled' as seen, 'a list that stands' as expected
    from list_states where cancelled
    union all
    select list_id, 'cancel-requested', 'copNo', 'a cancel request', 'its answer 399, or no request'
    from list_states where cancel_requested and not cancelled
    union all
    select list_id, 'paper-deleted', 'appType', '3', '1 or 2' from list_states where deleted
    union all
    select list_id, 'paper-draft', 'appStatus', '1', '2' from list_states where draft and not deleted
    union all
    select list_id, 'list-rejected', 'returnStatus', cast(status as string), '800 or 899'
    from list_states
    where stands and released_at is null and (status = 100 or status < 0 or status = 700)
    union all
    select list_id, 'release-withdrawn', 'returnStatus', cast(status as string), '800 or 899'
    from list_states
    where stands and released_at is not null and not released
        and (status = 100 or status < 0 or status = 700 or (status >= 500 and status < 700))
    union all
    select list_id, 'list-detained', 'returnStatus', cast(status as string), '800 or 899'
    from list_states
    where stands and released_at is null and status >= 500 and status < 700
) as s on s.list_id = l.list_id
union all
select
    trade_id, 'paper-deleted' as code, file, message, record, 0 as line, 'appType' as field, '3' as seen, '1 or 2' as expected
from trade_orders
where app_type = '3'
union all
select
    trade_id, 'paper-draft' as code, file, message, record, 0 as line, 'appStatus' as field, '1' as seen, '2' as expected
from trade_orders
where app_status = '1' and coalesce(app_type, '1') <> '3'
union all
select
    l.trade_id, case when w.app_type = '3' then 'paper-deleted' else 'paper-draft' end as code,
    w.file, w.message, w.record, 0 as line,
    case when w.app_type = '3' then 'appType' else 'appStatus' end as field,
    case when w.app_type = '3' then '3' else '1' end as seen,
    case when w.app_type = '3' then '1 or 2' else '2' end as expected
from waybill_papers as w
join trade_lists as l on l.carrier = w.carrier and l.logistics_no = w.logistics_no
where w.version = 1 and (w.app_type = '3' or w.app_status = '1')
union all
select
    k.trade_id, case when c.app_type = '3' then 'paper-deleted' else 'paper-draft' end as code,
    c.file, c.message, c.record, 0 as line,
    case when c.app_type = '3' then 'appType' else 'appStatus' end as field,
    case when c.app_type = '3' then '3' else '1' end as seen,
    case when c.app_type = '3' then '1 or 2' else '2' end as expected
from collection_papers as c
join trade_keys as k on k.firm = c.firm and k.order_no = c.order_no
where c.version = 1 and (c.app_type = '3' or c.app_status = '1')
