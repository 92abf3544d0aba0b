-- gives:  paper_lines: the lines of all papers in table form that belong to a trade, side by side
-- source: judging.md §5
-- reads:  trade_record_lines, market_records, declaration_lines, trade_declarations, contract_lines, trade_contracts,
--         goods_receipt_lines, trade_receipts, packing_list_lines, trade_packing, invoice_lines, trade_invoices
-- blind to: declarations that were deleted or replaced

select
    r.trade_id, 'record' as paper, n.file, n.message, n.record, n.line, n.goods, n.hs, n.unit, n.qty, n.price, n.total
from trade_record_lines as n
join market_records as r on r.file = n.file and r.message = n.message and r.record = n.record
union all
select d.trade_id, 'declaration', n.file, n.message, n.record, n.line, n.goods, n.hs, n.unit, n.qty, n.price, n.total
from declaration_lines as n
join trade_declarations as d on d.file = n.file and d.message = n.message and d.record = n.record
where d.stands
union all
select c.trade_id, 'contract', n.file, n.message, n.record, n.line, n.goods, n.hs, n.unit, n.qty, n.price, n.total
from contract_lines as n
join trade_contracts as c on c.file = n.file and c.message = n.message and c.record = n.record
union all
select
    g.trade_id, 'receipt', n.file, n.message, n.record, n.line, n.goods, cast(null as string), n.unit, n.qty,
    cast(null as decimal(18, 5)), cast(null as decimal(19, 5))
from goods_receipt_lines as n
join trade_receipts as g on g.file = n.file and g.message = n.message and g.record = n.record
union all
select
    p.trade_id, 'packing', n.file, n.message, n.record, n.line, n.goods, cast(null as string), cast(null as string), n.qty,
    cast(null as decimal(18, 5)), cast(null as decimal(19, 5))
from packing_list_lines as n
join trade_packing as p on p.file = n.file and p.message = n.message and p.record = n.record
union all
select
    i.trade_id, 'invoice', n.file, n.message, n.record, n.line,
    -- tax software puts the category before the name, between two stars
    case when substr(n.goods, 1, 1) = '*' and position('*' in substr(n.goods, 2)) > 0
        then substr(n.goods, position('*' in substr(n.goods, 2)) + 2) else n.goods end,
    cast(null as string), n.unit, n.qty, n.price, n.net
from invoice_lines as n
join trade_invoices as i on i.file = n.file and i.message = n.message and i.record = n.record
where i.counts
