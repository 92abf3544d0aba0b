-- finding: orphan-packing-list, orphan-payment, orphan-invoice, orphan-receipt, orphan-return
-- asks:    Which papers in table form belong to no trade?
-- source:  judging.md §1: everything that opens no trade attaches to one, or is an orphan
-- reads:   packing_papers, trade_packing, payment_papers, trade_payments, invoice_papers, trade_invoices,
--          receipt_papers, trade_receipts, return_table_papers, trade_declarations, list_states
-- blind to: nothing

select
    cast(null as bigint) as trade_id, 'orphan-packing-list' as code, p.file, p.message, p.record, 0 as line,
    'trade_no' as field, coalesce(p.number, 'nothing') as seen, 'one trade with this number' as expected
from packing_papers as p
left join trade_packing as t on t.file = p.file and t.message = p.message and t.record = p.record
where p.version = 1 and t.file is null
union all
select
    cast(null as bigint), 'orphan-payment', p.file, p.message, p.record, 0, 'trade_no', coalesce(p.number, 'nothing'),
    'one trade, order or contract with this number; where several firms use it, the payee'
from payment_papers as p
left join trade_payments as t on t.file = p.file and t.message = p.message and t.record = p.record
where p.version = 1 and t.file is null
union all
select
    cast(null as bigint), 'orphan-invoice', p.file, p.message, p.record, 0, 'contract_no', coalesce(p.contract_no, 'nothing'),
    'a contract with this number, or the only one between the two parties'
from invoice_papers as p
left join trade_invoices as t on t.file = p.file and t.message = p.message and t.record = p.record
where p.version = 1 and t.file is null
union all
select
    cast(null as bigint), 'orphan-receipt', p.file, p.message, p.record, 0, 'contract_no', coalesce(p.contract_no, 'nothing'),
    'a contract with this number'
from receipt_papers as p
left join trade_receipts as t on t.file = p.file and t.message = p.message and t.record = p.record
where p.version = 1 and t.file is null
union all
select
    cast(null as bigint), 'orphan-return', p.file, p.message, p.record, 0, 'number', p.number, 'a declaration or a list with this number'
from return_table_papers as p
left join (select distinct entry_id from trade_declarations) as t on t.entry_id = p.number
left join (select distinct invt_no from list_states) as l on l.invt_no = p.number
where p.version = 1 and t.entry_id is null and l.invt_no is null
