-- finding: departure-before-release, departure-in-future
-- asks:    Which goods left before they were released, or have not left yet?
-- source:  V7; judging.md §4: release <= departure, one day of slack
-- reads:   list_departures, list_states, tolerances, judging
-- blind to: lists that were never released

select
    d.trade_id, 'departure-before-release' as code, d.file, d.message, d.record, d.line,
    'leaveTime' as field, cast(d.leave_time as string) as seen,
    'not before the release of ' || cast(s.released_at as string) as expected
from list_departures as d
join list_states as s on s.list_id = d.list_id
cross join tolerances as t
where s.released_at > d.leave_time + t.date_slack_days * interval '1' day
union all
select
    d.trade_id, 'departure-in-future' as code, d.file, d.message, d.record, d.line,
    'leaveTime' as field, cast(d.leave_time as string) as seen, 'not after ' || cast(j.on_date as string) as expected
from list_departures as d
cross join judging as j
where d.leave_time >= cast(j.on_date as timestamp) + interval '1' day
