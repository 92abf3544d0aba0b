-- gives:  market_records: the trade record that counts for each market trade
-- source: judging.md §1
-- reads:  record_papers, trade_keys

select
    k.trade_id, r.file, r.message, r.record, r.firm, r.trade_no, r.merchant_uscc, r.agent_uscc, r.purchaser_name,
    r.purchaser_country, r.purchaser_id_type, r.purchaser_id_no, r.terms_days, r.due_on, r.payment_method, r.written_currency, r.currency,
    r.amount, r.price_basis, r.packing_list_no, r.declaration_no, r.container_no, r.confirmed_at
from record_papers as r
join trade_keys as k on k.firm = r.firm and k.order_no = r.trade_no
where r.version = 1
