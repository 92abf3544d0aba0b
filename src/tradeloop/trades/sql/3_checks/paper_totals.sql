-- finding: line-total-differs, amount-differs, amount-negative, quantity-not-positive
-- asks:    In which papers in table form do the figures not add up, or lie below zero?
-- source:  R5; judging.md §4: 0.01 of the currency for each line; a sum of lines is exact to five decimals
-- reads:   paper_lines, market_records, trade_contracts, trade_payments, trade_declarations, tolerances
-- blind to: lines that lack a quantity, a price or a total; the sum where a line lacks its total

with
    sums as (
        select
            trade_id, paper, cast(sum(total) as decimal(28, 5)) as total, count(*) as lines, count(total) as totals
        from paper_lines
        where paper in ('record', 'contract')
        group by trade_id, paper
    ),
    heads as (
        select trade_id, 'record' as paper, file, message, record, amount from market_records
        union all
        select trade_id, 'contract', file, message, record, amount from trade_contracts
    )

select
    n.trade_id, 'line-total-differs' as code, n.file, n.message, n.record, n.line, 'total' as field,
    cast(n.total as string) as seen, cast(n.qty as string) || ' × ' || cast(n.price as string) as expected
from paper_lines as n
cross join tolerances as t
where abs(cast(n.qty as decimal(28, 5)) * n.price - n.total) > t.line_total
    -- an invoice's price is its amount divided by the quantity, so it is rounded: to five decimals here
    and (
        n.paper <> 'invoice'
        or abs(cast(n.qty as decimal(28, 5)) * n.price - n.total)
            > t.line_total + abs(cast(n.qty as decimal(28, 5))) * cast(0.00001 as decimal(6, 5))
    )
union all
select
    h.trade_id, 'amount-differs' as code, h.file, h.message, h.record, 0 as line, 'amount' as field,
    cast(h.amount as string) as seen, cast(s.total as string) || ' in its lines' as expected
from heads as h
join sums as s on s.trade_id = h.trade_id and s.paper = h.paper
where s.lines = s.totals and s.total <> h.amount
union all
select
    trade_id, 'amount-negative' as code, file, message, record, line, field, cast(amount as string) as seen, 'zero or more' as expected
from (
    select trade_id, file, message, record, 0 as line, 'amount' as field, amount from heads
    union all
    select trade_id, file, message, record, 0, 'amount', amount from trade_payments
    union all
    select trade_id, file, message, record, 0, 'gross_kg', gross_kg from trade_declarations where stands
    union all
    select trade_id, file, message, record, 0, 'net_kg', net_kg from trade_declarations where stands
    union all
    select trade_id, file, message, record, 0, 'freight', freight from trade_declarations where stands
    union all
    select trade_id, file, message, record, 0, 'insurance', insurance from trade_declarations where stands
    union all
    select trade_id, file, message, record, line, 'total', total from paper_lines where paper <> 'invoice'
    union all
    select trade_id, file, message, record, line, 'price', price from paper_lines where paper <> 'invoice'
) as amounts
where amount < 0
union all
select
    trade_id, 'quantity-not-positive' as code, file, message, record, line, 'qty' as field,
    cast(qty as string) as seen, 'more than zero' as expected
from paper_lines
where qty <= 0 and paper <> 'invoice'
