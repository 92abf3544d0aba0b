-- finding: return-recorded, return-exceeds-declared, return-unattributed
-- asks:    Which goods of a declaration came back, more than left, or of nobody knows which trade?
-- source:  judging.md §2, §5: a return lowers the verified value
-- reads:   declaration_returns
-- blind to: goods of lists

with
    sums as (
        select entry_id, trade_id, line_no, cast(sum(qty) as decimal(28, 5)) as qty, min(declared_qty) as declared_qty
        from declaration_returns
        where belongs
        group by entry_id, trade_id, line_no
    )

select
    trade_id, case when belongs then 'return-recorded' else 'return-unattributed' end as code,
    file, message, record, line, case when belongs then 'qty' else 'trade_no' end as field,
    case when belongs then cast(qty as string) else coalesce(trade_no, 'nothing') end as seen,
    case when belongs then 'of ' || coalesce(cast(declared_qty as string), '0')
        else 'one of ' || cast(records as string) || ' trades' end as expected
from declaration_returns
union all
select
    r.trade_id, 'return-exceeds-declared' as code, r.file, r.message, r.record, r.line, 'qty' as field,
    cast(s.qty as string) as seen,
    coalesce('at most ' || cast(s.declared_qty as string), 'a line of the declaration') as expected
from declaration_returns as r
join sums as s on s.entry_id = r.entry_id and s.trade_id = r.trade_id and s.line_no is not distinct from r.line_no
where r.belongs and (s.declared_qty is null or s.qty > s.declared_qty)
