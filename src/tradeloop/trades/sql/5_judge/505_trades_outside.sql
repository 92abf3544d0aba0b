-- gives:  trades_outside: the trades that the purpose has nothing to say of: a payable is nothing for customs
-- source: judging.md §2 (the mark for outside)
-- reads:  trade, requirements, judging

with
    inside as (
        select r.mode
        from requirements as r
        join judging as j on j.purpose = r.purpose
        group by r.mode
    ),
    outside as (
        select r.mode
        from requirements as r
        left join inside as i on i.mode = r.mode
        where i.mode is null
        group by r.mode
    )

select t.trade_id
from trade as t
join outside as o on o.mode = t.mode
