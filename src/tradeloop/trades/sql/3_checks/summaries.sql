-- finding: summary-before-release, list-summarised-twice, simplified-list-summarised, result-code-differs
-- asks:    Which lists were summarised wrongly?
-- source:  R9; judging.md §7: a list is summarised once, after its release, and never when simplified
-- reads:   list_summaries, list_results, list_states, trade_lists, list_lines_of_trade
-- blind to: applications over a range of time

with
    twice as (
        select list_id
        from (select distinct list_id, agent, cop_no from list_summaries) as a
        group by list_id
        having count(*) > 1
    )

select
    h.trade_id, 'summary-before-release' as code, h.file, h.message, h.record, h.line,
    'invtNo' as field, coalesce('status ' || cast(s.status as string), 'no answer') as seen, '800 or 899' as expected
from list_summaries as h
join list_states as s on s.list_id = h.list_id
where not s.released or not s.stands
union all
select
    h.trade_id, 'list-summarised-twice' as code, h.file, h.message, h.record, h.line,
    'invtNo' as field, s.invt_no as seen, 'one summary application' as expected
from list_summaries as h
join twice as t on t.list_id = h.list_id
join list_states as s on s.list_id = h.list_id
union all
select
    h.trade_id, 'simplified-list-summarised' as code, h.file, h.message, h.record, h.line,
    'statisticsFlag' as field, 'A' as seen, 'B' as expected
from list_summaries as h
join trade_lists as l on l.list_id = h.list_id
where l.statistics_flag = 'A'
union all
select
    r.trade_id, 'result-code-differs' as code, r.file, r.message, r.record, r.line,
    'gcode' as field, r.gcode as seen, n.gcode as expected
from list_results as r
join list_lines_of_trade as n on n.list_id = r.list_id and n.gnum = r.gnum
where r.gcode <> n.gcode
