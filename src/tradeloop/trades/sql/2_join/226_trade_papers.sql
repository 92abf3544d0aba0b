-- gives:  trade_papers: every paper in table form with the trade that it belongs to; stands says whether it counts for it
-- source: judging.md §1, §5
-- reads:  market_records, trade_contracts, trade_declarations, trade_packing, trade_payments, trade_invoices,
--         trade_receipts, declaration_returns
-- blind to: returns of nobody knows which trade

select trade_id, 'MP.trade' as kind, trade_no as number, file, message, record, true as stands from market_records
union all
select trade_id, 'contract', no, file, message, record, true from trade_contracts
union all
select trade_id, 'CN.declaration', entry_id, file, message, record, stands from trade_declarations
union all
select trade_id, 'packing_list', no, file, message, record, true from trade_packing
union all
select trade_id, 'statement', ref, file, message, record, true from trade_payments
union all
select trade_id, 'CN.einvoice', number, file, message, record, true from trade_invoices
union all
select trade_id, 'goods_receipt', no, file, message, record, true from trade_receipts
union all
select distinct trade_id, 'return_table', entry_id, file, message, record, true from declaration_returns where belongs
