-- finding: export-exceeds-purchase
-- asks:    Which firms export more of a heading than they received?
-- source:  V3: exported quantity for each heading is at most what was purchased and the opening stock
-- reads:   paper_lines, trade_contracts, trade, tolerances
-- blind to: headings that a firm has no purchase contract for; goods without a commodity code; other units

with
    headings as (
        select distinct trade_id, goods, unit, substr(hs, 1, 4) as heading
        from paper_lines where paper = 'contract' and hs is not null
    ),
    received as (
        select trade_id, goods, unit, cast(sum(qty) as decimal(28, 5)) as qty
        from paper_lines where paper = 'receipt' group by trade_id, goods, unit
    ),
    purchased as (
        -- what was ordered and never received counts as nothing
        select c.buyer_uscc as firm, h.heading, h.unit, cast(sum(coalesce(n.qty, 0)) as decimal(28, 5)) as qty
        from headings as h
        join trade_contracts as c on c.trade_id = h.trade_id and c.kind = 'purchase'
        left join received as n
            on n.trade_id = h.trade_id and n.goods = h.goods and n.unit is not distinct from h.unit
        group by c.buyer_uscc, h.heading, h.unit
    ),
    exported as (
        select t.firm, substr(n.hs, 1, 4) as heading, n.unit, cast(sum(n.qty) as decimal(28, 5)) as qty
        from paper_lines as n
        join trade as t on t.trade_id = n.trade_id and t.mode <> '1039'
        where n.paper = 'declaration' and n.hs is not null
        group by t.firm, substr(n.hs, 1, 4), n.unit
    ),
    exceeding as (
        select e.firm, e.heading, e.unit, e.qty, p.qty as purchased
        from exported as e
        join purchased as p on p.firm = e.firm and p.heading = e.heading and p.unit is not distinct from e.unit
        cross join tolerances as t
        where e.qty > p.qty + t.opening_stock
    ),
    first_line as (
        select
            n.trade_id, n.file, n.message, n.record, n.line, x.qty, x.purchased,
            row_number() over (partition by n.trade_id order by n.file, n.message, n.record, n.line) as place
        from paper_lines as n
        join trade as t on t.trade_id = n.trade_id and t.mode <> '1039'
        join exceeding as x
            on x.firm = t.firm and x.heading = substr(n.hs, 1, 4) and x.unit is not distinct from n.unit
        where n.paper = 'declaration'
    )

select
    trade_id, 'export-exceeds-purchase' as code, file, message, record, line, 'qty' as field,
    cast(qty as string) || ' exported by the firm' as seen, 'at most ' || cast(purchased as string) || ' received' as expected
from first_line
where place = 1
