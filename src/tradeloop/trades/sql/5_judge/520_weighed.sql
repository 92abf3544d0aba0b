-- gives:  weighed: every finding of checks and readers with its weight and its link
-- source: judging.md §3; weights are dated data (findings.csv)
-- reads:  found, told, told_trades, finding_weights, trades_outside
-- blind to: trades outside the purpose; what a check finds where the reader told the same of the same field; the reader names the cell

with
    by_reader as (
        select distinct p.trade_id, t.code, t.file, t.message, t.record, t.line, t.field
        from told as t
        join told_trades as p
            on p.file = t.file and p.message = t.message and p.record = t.record and p.line = t.line
    )

select
    f.trade_id, f.code, w.weight, w.link, f.file, f.message, f.record, f.line, f.field, f.seen, f.expected,
    cast(null as string) as place
from found as f
join finding_weights as w on w.code = f.code
left join by_reader as r
    on r.trade_id = f.trade_id and r.code = f.code and r.file = f.file and r.message = f.message
    and r.record = f.record and r.line = f.line and r.field = f.field
left join trades_outside as x on x.trade_id = f.trade_id
where r.code is null and x.trade_id is null
union all
select
    p.trade_id, t.code, w.weight, w.link, t.file, t.message, t.record, t.line, t.field, t.seen, t.expected,
    t.place
from told as t
join finding_weights as w on w.code = t.code
left join told_trades as p
    on p.file = t.file and p.message = t.message and p.record = t.record and p.line = t.line
left join trades_outside as x on x.trade_id = p.trade_id
where x.trade_id is null
