-- gives:  goods_sums: each trade of this family in figures: what is owed by its own paper, declared, billed, received
-- source: judging.md §2, §5; bases are normalised before they are compared: what was declared on the price basis of the
--         trade's own paper
-- reads:  trade, market_records, trade_contracts, trade_orders, trade_declarations, trade_invoices, paper_lines, currencies

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
            d.trade_id, min(d.currency) as currency, max(d.currency) as currency_high, count(*) as declarations,
            min(case when d.amount_count = d.line_count then 1 else 0 end) as whole,
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
            -- some write a red invoice below zero, some above
            cast(sum(case when state = 'red' then -abs(gross) else gross end) as decimal(28, 5)) as gross
        from trade_invoices
        where counts
        group by trade_id
    ),
    priced as (
        select trade_id, goods, unit, min(price) as price, max(price) as price_high, count(*) as lines, count(price) as prices
        from paper_lines
        where paper = 'contract'
        group by trade_id, goods, unit
    ),
    received as (
        select
            n.trade_id,
            case when count(*) = count(p.price) and min(case when p.price = p.price_high and p.lines = p.prices then 1 else 0 end) = 1
                then cast(sum(cast(n.qty as decimal(28, 5)) * p.price) as decimal(38, 5)) end as worth
        from paper_lines as n
        left join priced as p
            on p.trade_id = n.trade_id and p.goods = n.goods and p.unit is not distinct from n.unit
        where n.paper = 'receipt'
        group by n.trade_id
    )

select
    o.trade_id, o.amount, o.currency, o.price_basis,
    coalesce(d.declarations, 0) as declarations, coalesce(d.records, 0) as records,
    case when d.currency = d.currency_high then d.currency end as declared_currency, coalesce(d.whole, 0) = 1 as declared_whole,
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
