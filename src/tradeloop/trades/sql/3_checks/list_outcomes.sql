-- finding: list-cancelled, cancel-requested, paper-deleted, paper-draft, list-rejected, release-withdrawn, list-detained
-- asks:    What became of each list?
-- source:  judging.md §2: a 605 counts only with its 606 = 399; 100, 5xx, 700 or below zero after a release contradict
-- reads:   trade_lists, list_states, trade_orders
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
    select list_id, 'list-rejected', 'returnStatus', cast(status as varchar), '800 or 899'
    from list_states
    where stands and released_at is null and (status = 100 or status < 0 or status = 700)
    union all
    select list_id, 'release-withdrawn', 'returnStatus', cast(status as varchar), '800 or 899'
    from list_states
    where stands and released_at is not null and not released
        and (status = 100 or status < 0 or status = 700 or (status >= 500 and status < 700))
    union all
    select list_id, 'list-detained', 'returnStatus', cast(status as varchar), '800 or 899'
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
