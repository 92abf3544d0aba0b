-- finding: return-recorded, return-exceeds-list
-- asks:    Which goods came back, and did more come back than left?
-- source:  judging.md §7; message 213: at most the quantity of the list's line
-- reads:   list_returns
-- blind to: returns that customs rejected

with
    sums as (
        select trade_id, list_id, gnum, cast(sum(qty) as decimal(28, 5)) as qty, min(list_qty) as list_qty
        from list_returns
        group by trade_id, list_id, gnum
    )

select
    r.trade_id, 'return-recorded' as code, r.file, r.message, r.record, r.line,
    'qty' as field, cast(r.qty as string) as seen, 'of ' || cast(r.list_qty as string) as expected
from list_returns as r
union all
select
    r.trade_id, 'return-exceeds-list' as code, r.file, r.message, r.record, r.line,
    'qty' as field, cast(s.qty as string) as seen,
    coalesce('at most ' || cast(s.list_qty as string), 'a line of the list') as expected
from list_returns as r
join sums as s on s.list_id = r.list_id and s.gnum is not distinct from r.gnum
where s.list_qty is null or s.qty > s.list_qty
