-- finding: declaration-deleted, declaration-returned, declaration-replaced, departure-before-release, departure-in-future, direction-malformed
-- asks:    What became of each declaration, and did its goods leave after their release?
-- source:  judging.md §2 (status column), V7; judging.md §4: release <= departure, one day of slack
-- reads:   trade_declarations, tolerances, judging
-- blind to: declarations that were never released, as far as it takes both times

select
    trade_id, 'declaration-deleted' as code, file, message, record, 0 as line, 'status' as field,
    status as seen, 'released or closed' as expected
from trade_declarations
where status = 'deleted'
union all
select
    trade_id, 'declaration-returned' as code, file, message, record, 0 as line, 'status' as field,
    status as seen, 'released or closed' as expected
from trade_declarations
where status = 'returned'
union all
select
    trade_id, 'declaration-replaced' as code, file, message, record, 0 as line, 'amends' as field,
    entry_id as seen, 'the declaration that replaces it' as expected
from trade_declarations
where not stands and coalesce(status, '') <> 'deleted'
union all
select
    d.trade_id, 'departure-before-release' as code, d.file, d.message, d.record, 0 as line, 'left_at' as field,
    cast(d.left_at as string) as seen,
    coalesce('not before the release of ' || cast(d.released_at as string), 'not before it was declared on ' || cast(d.declared_on as string))
        as expected
from trade_declarations as d
cross join tolerances as t
where d.stands and coalesce(d.released_at, cast(d.declared_on as timestamp)) > d.left_at + t.date_slack_days * interval '1' day
union all
select
    d.trade_id, 'departure-in-future' as code, d.file, d.message, d.record, 0 as line, 'left_at' as field,
    cast(d.left_at as string) as seen, 'not after ' || cast(j.on_date as string) as expected
from trade_declarations as d
cross join judging as j
where d.stands and d.left_at >= cast(j.on_date as timestamp) + interval '1' day
union all
select
    trade_id, 'direction-malformed' as code, file, message, record, 0 as line, 'direction' as field,
    direction as seen, 'E' as expected
from trade_declarations
where direction <> 'E'
