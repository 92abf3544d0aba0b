-- gives:  goods_sums: each trade of this family in figures: what is owed by its own paper, declared, billed, received
-- source: judging.md §2, §5; bases are normalised before they are compared: what was declared on the price basis of the
--         trade's own paper
-- reads:  trade, market_records, trade_contracts, trade_orders, trade_declarations, trade_invoices, trade_receipts,
--         paper_lines, currencies, judging

with
    own as (
        select
            t.trade_id,
            coalesce(r.amount, c.amount, o.goods_value) as amount,
            case
                when r.trade_id is not null then r.currency
                when c.trade_id is not null then c.currency
                else coalesce(i.iso, o.currency)
            end as currency,
            case when r.trade_id is not null then r.price_basis else coalesce(c.price_basis, 'FOB') end as price_basis
        from trade as t
        left join market_records as r on r.trade_id = t.trade_id
        left join trade_contracts as c on c.trade_id = t.trade_id
        left join trade_orders as o on o.trade_id = t.trade_id and o.stands
        left join currencies as i on i.code = o.currency
        where t.family = 'goods'
    ),
    declared as (
        select
            d.trade_id, min(d.currency) as currency, max(d.currency) as currency_high,
            max(d.records) as records, max(d.price_basis) as price_basis,
            case when count(d.fob) = count(*) then cast(sum(d.fob) as decimal(38, 5)) end as fob,
            case when count(d.cfr) = count(*) then cast(sum(d.cfr) as decimal(38, 5)) end as cfr,
            case when count(d.cif) = count(*) then cast(sum(d.cif) as decimal(38, 5)) end as cif
        from trade_declarations as d
        where d.stands
        group by d.trade_id
    ),
    billed as (
        select
            trade_id, min(currency) as currency, max(currency) as currency_high,
            -- some write a red invoice below zero, some above; one without an amount leaves the sum unknown
            case when count(gross) = count(*)
                then cast(sum(case when state = 'red' then -abs(gross) else gross end) as decimal(28, 5)) end as gross
        from trade_invoices
        cross join judging as j
        where counts and issued_on <= j.on_date
        group by trade_id
    ),
    ordered as (
        select
            trade_id, translate(upper(goods), ' ', '') as goods, unit, cast(sum(qty) as decimal(28, 5)) as qty,
            min(price) as price, cast(sum(total) as decimal(38, 5)) as total,
            case when count(qty) = count(*) and count(total) = count(*) then 1 else 0 end as whole
        from paper_lines
        where paper = 'contract'
        group by trade_id, translate(upper(goods), ' ', ''), unit
    ),
    came as (
        -- a receipt without lines is here with no goods
        select
            g.trade_id, translate(upper(n.goods), ' ', '') as goods, n.unit, cast(sum(n.qty) as decimal(28, 5)) as qty,
            case when count(n.qty) = count(*) then 1 else 0 end as whole
        from trade_receipts as g
        cross join judging as j
        left join paper_lines as n
            on n.paper = 'receipt' and n.file = g.file and n.message = g.message and n.record = g.record
        where g.received_on <= j.on_date
        group by g.trade_id, translate(upper(n.goods), ' ', ''), n.unit
    ),
    valued as (
        -- all of an item is worth what was agreed for it, a part of it its lowest price
        select
            c.trade_id,
            case
                when c.whole = 1 and o.whole = 1 and c.qty >= o.qty then o.total
                when c.whole = 1 then cast(c.qty * o.price as decimal(38, 5))
            end as worth
        from came as c
        left join ordered as o on o.trade_id = c.trade_id and o.goods = c.goods and o.unit is not distinct from c.unit
    ),
    received as (
        -- goods that the contract does not name leave the sum unknown
        select trade_id, case when count(worth) = count(*) then cast(sum(worth) as decimal(38, 5)) end as worth
        from valued
        group by trade_id
    )

select
    o.trade_id, o.amount, o.currency, o.price_basis,
    coalesce(d.records, 0) as records,
    case when d.currency = d.currency_high then d.currency end as declared_currency,
    case
        when o.amount is null then case d.price_basis when 'CFR' then d.cfr when 'CIF' then d.cif else d.fob end
        when o.price_basis = 'CFR' then d.cfr
        when o.price_basis = 'CIF' then d.cif
        else d.fob
    end as declared,
    b.gross as billed, case when b.currency = b.currency_high then b.currency end as billed_currency, g.worth as received
from own as o
left join declared as d on d.trade_id = o.trade_id
left join billed as b on b.trade_id = o.trade_id
left join received as g on g.trade_id = o.trade_id
