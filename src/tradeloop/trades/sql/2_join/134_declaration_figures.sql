-- gives:  declaration_figures: each declaration that counts with its total on each price basis
-- source: judging.md §5: FOB = total - freight - insurance for CIF, - freight for CFR; a mark of 1 is a percentage of
--         the total, 2 a price per ton of net weight, 3 an amount
-- reads:  declaration_papers, declaration_lines
-- blind to: freight and insurance in another currency than the goods; they make the bases unknown

with
    lines as (
        select
            d.entry_id,
            -- a sum that lacks a line's amount is no sum
            case when count(n.total) = count(*) then cast(sum(n.total) as decimal(28, 5)) end as total
        from declaration_lines as n
        join declaration_papers as d
            on d.file = n.file and d.message = n.message and d.record = n.record and d.version = 1
        group by d.entry_id
    ),
    fees as (
        select
            d.entry_id, d.price_basis, d.currency, l.total,
            case
                when d.freight is null then cast(0 as decimal(38, 5))
                when d.freight_mark = '1'
                    then cast(cast(l.total as decimal(28, 5)) * d.freight * cast(0.01 as decimal(3, 2)) as decimal(38, 5))
                when d.freight_mark = '2'
                    then cast(cast(d.net_kg as decimal(28, 5)) * d.freight * cast(0.001 as decimal(4, 3)) as decimal(38, 5))
                when d.freight_currency = d.currency then cast(d.freight as decimal(38, 5))
            end as freight,
            case
                when d.insurance is null then cast(0 as decimal(38, 5))
                when d.insurance_mark = '1'
                    then cast(cast(l.total as decimal(28, 5)) * d.insurance * cast(0.01 as decimal(3, 2)) as decimal(38, 5))
                when d.insurance_currency = d.currency then cast(d.insurance as decimal(38, 5))
            end as insurance
        from declaration_papers as d
        join lines as l on l.entry_id = d.entry_id
        where d.version = 1
    ),
    free as (
        select
            fees.*,
            case price_basis
                when 'FOB' then cast(total as decimal(38, 5))
                when 'CFR' then total - freight
                when 'CIF' then total - freight - insurance
            end as fob
        from fees
    )

select
    entry_id, currency, total, fob,
    case price_basis when 'CFR' then cast(total as decimal(38, 5)) else fob + freight end as cfr,
    case price_basis when 'CIF' then cast(total as decimal(38, 5)) else fob + freight + insurance end as cif
from free
