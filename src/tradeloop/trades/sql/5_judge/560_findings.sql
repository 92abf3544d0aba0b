-- gives:  findings: all that is to be told, with the file and the place where it was seen
-- source: judging.md §6: trade, code, file, position (message/record/line), field, seen, expected, weight
-- reads:  weighed, gaps, trade, files

with
    paths as (select file, min(path) as path from files where file is not null group by file)

select
    t.trade, w.code, p.path as file,
    case
        when w.message = 0 then null
        else cast(w.message as string) || '/' || cast(w.record as string) || '/' || cast(w.line as string)
            || coalesce(' (' || w.place || ')', '')
    end as position,
    w.field, w.seen, w.expected, w.weight
from weighed as w
left join trade as t on t.trade_id = w.trade_id
left join paths as p on p.file = w.file
union all
select t.trade, g.code, null as file, null as position, g.link as field, g.seen, g.expected, g.weight
from gaps as g
join trade as t on t.trade_id = g.trade_id
