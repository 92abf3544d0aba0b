-- finding: receipt-exceeds-contract, partly-received, receipt-party-differs, same-party
-- asks:    Was more received than ordered, from somebody else, or sold by a firm to itself?
-- source:  V2: quantity received is at most what was ordered; a firm cannot owe itself (ours)
-- reads:   paper_lines, trade_receipts, trade_contracts, market_records
-- blind to: goods by another name than the contract's

with
    ordered as (
        select trade_id, translate(upper(goods), ' ', '') as goods, unit, cast(sum(qty) as decimal(28, 5)) as qty
        from paper_lines where paper = 'contract' group by trade_id, translate(upper(goods), ' ', ''), unit
    ),
    received as (
        select trade_id, translate(upper(goods), ' ', '') as goods, unit, cast(sum(qty) as decimal(28, 5)) as qty
        from paper_lines where paper = 'receipt' group by trade_id, translate(upper(goods), ' ', ''), unit
    ),
    last_line as (
        select
            trade_id, translate(upper(goods), ' ', '') as goods, unit, file, message, record, line,
            row_number() over (
                partition by trade_id, translate(upper(goods), ' ', ''), unit
                order by file desc, message desc, record desc, line desc
            ) as place
        from paper_lines where paper = 'receipt'
    )

select
    r.trade_id, case when r.qty > o.qty then 'receipt-exceeds-contract' else 'partly-received' end as code,
    n.file, n.message, n.record, n.line, 'qty' as field,
    cast(r.qty as string) as seen, case when r.qty > o.qty then 'at most ' else '' end || cast(o.qty as string) as expected
from received as r
join ordered as o on o.trade_id = r.trade_id and o.goods = r.goods and o.unit is not distinct from r.unit
join last_line as n
    on n.trade_id = r.trade_id and n.goods = r.goods and n.unit is not distinct from r.unit and n.place = 1
where r.qty <> o.qty
union all
select
    g.trade_id, 'receipt-party-differs' as code, g.file, g.message, g.record, 0 as line, 'supplier_uscc' as field,
    g.supplier_uscc as seen, c.seller_uscc as expected
from trade_receipts as g
join trade_contracts as c on c.trade_id = g.trade_id
where g.supplier_uscc <> c.seller_uscc
union all
select
    trade_id, 'same-party' as code, file, message, record, 0 as line, 'buyer_uscc' as field,
    coalesce(buyer_uscc, buyer_name) as seen, 'another firm than the seller' as expected
from trade_contracts
where buyer_uscc = seller_uscc or buyer_id_no = seller_uscc
union all
select
    trade_id, 'same-party' as code, file, message, record, 0 as line, 'purchaser_name' as field,
    purchaser_name as seen, 'another than the merchant' as expected
from market_records
where purchaser_id_no = firm
