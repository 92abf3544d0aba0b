-- finding: packed-exceeds-recorded, container-differs, weight-differs, net-exceeds-gross
-- asks:    Do packing lists pack what was sold, in that container, and weigh what was declared?
-- source:  judging.md §4: weight within 500 basis points, net <= gross exactly; judging.md §5
-- reads:   trade_packing, market_records, trade_declarations, declaration_claims, paper_lines, tolerances
-- blind to: packing lists of goods by other names; the weight of declarations some of whose records have no packing list,
--           and of trades with several declarations

with
    packed as (
        select trade_id, goods, cast(sum(qty) as decimal(28, 5)) as qty
        from paper_lines where paper = 'packing' and qty is not null group by trade_id, goods
    ),
    sold as (
        select trade_id, goods, cast(sum(qty) as decimal(28, 5)) as qty
        from paper_lines where paper in ('record', 'contract') group by trade_id, goods
    ),
    first_line as (
        select
            trade_id, goods, file, message, record, line,
            row_number() over (partition by trade_id, goods order by file, message, record, line) as place
        from paper_lines where paper = 'packing'
    ),
    weighed as (
        select
            d.entry_id, min(d.gross_kg) as declared_kg, min(d.fob) as fob, cast(sum(p.gross_kg) as decimal(28, 5)) as packed_kg,
            count(distinct d.trade_id) as trades, count(distinct p.trade_id) as packed_trades,
            count(*) as lists, count(p.gross_kg) as weights
        from trade_declarations as d
        left join trade_packing as p on p.trade_id = d.trade_id
        join (select trade_id from trade_declarations where stands group by trade_id having count(*) = 1) as single
            on single.trade_id = d.trade_id
        where d.stands
        group by d.entry_id
    ),
    claims as (
        select entry_id, cast(sum(claimed) as decimal(28, 5)) as claimed from declaration_claims group by entry_id
    )

select
    p.trade_id, 'packed-exceeds-recorded' as code, n.file, n.message, n.record, n.line, 'qty' as field,
    cast(p.qty as string) as seen, 'at most ' || cast(s.qty as string) as expected
from packed as p
join sold as s on s.trade_id = p.trade_id and s.goods = p.goods
join first_line as n on n.trade_id = p.trade_id and n.goods = p.goods and n.place = 1
where p.qty > s.qty
union all
select
    p.trade_id, 'container-differs' as code, p.file, p.message, p.record, 0 as line, 'container_no' as field,
    p.container_no as seen, r.container_no as expected
from trade_packing as p
join market_records as r on r.trade_id = p.trade_id
where p.container_no <> r.container_no
union all
select
    d.trade_id, 'weight-differs' as code, d.file, d.message, d.record, 0 as line, 'gross_kg' as field,
    cast(w.declared_kg as string) as seen, cast(w.packed_kg as string) || ' in the packing lists' as expected
from weighed as w
join trade_declarations as d on d.entry_id = w.entry_id and d.stands
cross join tolerances as t
left join claims as c on c.entry_id = w.entry_id
where w.trades = w.packed_trades and w.lists = w.weights
    and abs(cast(w.declared_kg as decimal(28, 5)) - w.packed_kg) * 10000 > w.packed_kg * t.weight_bp
    -- other merchants' goods may be on it: then it may only weigh more
    and (w.packed_kg > w.declared_kg or c.entry_id is null or c.claimed >= w.fob - t.collection)
union all
select
    trade_id, 'net-exceeds-gross' as code, file, message, record, 0 as line, 'net_kg' as field,
    cast(net_kg as string) as seen, 'at most ' || cast(gross_kg as string) as expected
from trade_packing
where net_kg > gross_kg
union all
select
    trade_id, 'net-exceeds-gross' as code, file, message, record, 0 as line, 'net_kg' as field,
    cast(net_kg as string) as seen, 'at most ' || cast(gross_kg as string) as expected
from trade_declarations
where stands and net_kg > gross_kg
