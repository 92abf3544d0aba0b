-- finding: invoice-exceeds-contract, partly-invoiced, invoice-party-differs, invoice-goods-differ, invoice-void, invoice-reversed, invoice-replaced, red-invoice-orphan, invoice-total-differs, invoice-reused, amount-negative, currency-differs
-- asks:    Do the VAT invoices of a purchase bill what its contract says, between the same parties, and do they stand?
-- source:  V1; judging.md §4: 50 basis points, tax included on both sides; a part delivery is billed in part
-- reads:   trade_invoices, trade_contracts, goods_sums, paper_lines, invoice_papers, tolerances
-- blind to: goods by another name where the contract has no lines

with
    last_paper as (
        select
            trade_id, file, message, record,
            row_number() over (partition by trade_id order by issued_on desc nulls last, number desc) as place
        from trade_invoices where stands
    ),
    billed as (
        select s.trade_id, s.billed, s.amount, p.file, p.message, p.record, t.invoice_bp
        from goods_sums as s
        join last_paper as p on p.trade_id = s.trade_id and p.place = 1
        cross join tolerances as t
        where s.billed_currency = s.currency
    ),
    named as (
        select distinct trade_id, translate(upper(goods), ' ', '') as goods from paper_lines where paper = 'contract'
    ),
    contracts_named as (
        select distinct trade_id from named
    ),
    shared as (
        -- the same number under two contracts: its versions name several
        select number from invoice_papers where contract_no is not null
        group by number having count(distinct contract_no) > 1
    ),
    claimed as (
        select i.number, i.contract_no, c.trade_id, i.file, i.message, i.record
        from invoice_papers as i
        join shared as s on s.number = i.number
        join trade_contracts as c on c.no = i.contract_no and c.kind = 'purchase'
        -- another pair of firms may use the number for a contract of theirs
        where c.seller_uscc = i.seller_uscc or c.buyer_uscc = i.buyer_uscc
    )

select
    trade_id, 'invoice-exceeds-contract' as code, file, message, record, 0 as line, 'gross' as field,
    cast(billed as string) as seen, 'at most ' || cast(amount as string) as expected
from billed
where (cast(billed as decimal(28, 5)) - amount) * 10000 > cast(amount as decimal(28, 5)) * invoice_bp
union all
select
    trade_id, 'partly-invoiced' as code, file, message, record, 0 as line, 'gross' as field,
    cast(billed as string) as seen, cast(amount as string) as expected
from billed
where (cast(amount as decimal(28, 5)) - billed) * 10000 > cast(amount as decimal(28, 5)) * invoice_bp
union all
select
    i.trade_id, 'invoice-party-differs' as code, i.file, i.message, i.record, 0 as line, 'seller_uscc' as field,
    i.seller_uscc as seen, c.seller_uscc as expected
from trade_invoices as i
join trade_contracts as c on c.trade_id = i.trade_id
where i.counts and i.seller_uscc <> c.seller_uscc
union all
select
    i.trade_id, 'invoice-party-differs' as code, i.file, i.message, i.record, 0 as line, 'buyer_uscc' as field,
    i.buyer_uscc as seen, c.buyer_uscc as expected
from trade_invoices as i
join trade_contracts as c on c.trade_id = i.trade_id
where i.counts and i.buyer_uscc <> c.buyer_uscc
union all
select
    n.trade_id, 'invoice-goods-differ' as code, n.file, n.message, n.record, n.line, 'goods' as field,
    n.goods as seen, 'goods of the contract' as expected
from paper_lines as n
join contracts_named as c on c.trade_id = n.trade_id
left join named as w on w.trade_id = n.trade_id and w.goods = translate(upper(n.goods), ' ', '')
where n.paper = 'invoice' and n.goods is not null and w.trade_id is null
union all
select
    i.trade_id,
    case
        when o.trade_id is not null then 'invoice-replaced'
        when i.state = 'void' then 'invoice-void'
        else 'invoice-reversed'
    end as code,
    i.file, i.message, i.record, 0 as line, case when i.state = 'void' then 'state' else 'number' end as field,
    case when i.state = 'void' then i.state else i.number end as seen,
    case when i.state = 'void' then 'valid' else 'an invoice that no red invoice cancels' end as expected
from trade_invoices as i
left join (select distinct trade_id from trade_invoices where stands) as o on o.trade_id = i.trade_id
where i.state <> 'red' and not i.stands
union all
select
    i.trade_id, 'red-invoice-orphan' as code, i.file, i.message, i.record, 0 as line, 'red_of' as field,
    coalesce(i.red_of, 'nothing') as seen, 'the number of an invoice that is here' as expected
from trade_invoices as i
left join (select distinct number from trade_invoices) as o on o.number = i.red_of
where i.state = 'red' and o.number is null
union all
select
    trade_id, 'invoice-total-differs' as code, file, message, record, 0 as line, 'gross' as field,
    cast(gross as string) as seen, cast(net as string) || ' + ' || cast(tax as string) as expected
from trade_invoices
where counts and gross <> net + tax
union all
select
    trade_id, 'invoice-reused' as code, file, message, record, 0 as line, 'number' as field,
    number as seen, 'one contract for each invoice' as expected
from claimed
union all
select
    trade_id, 'amount-negative' as code, file, message, record, 0 as line, 'gross' as field,
    cast(gross as string) as seen, 'zero or more, or the state red' as expected
from trade_invoices
where state = 'valid' and gross < 0
union all
select
    i.trade_id, 'currency-differs' as code, i.file, i.message, i.record, 0 as line, 'currency' as field,
    i.currency as seen, c.currency as expected
from trade_invoices as i
join trade_contracts as c on c.trade_id = i.trade_id
where i.counts and i.currency <> c.currency
