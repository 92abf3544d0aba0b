-- gives:  trade_contracts: the contract that counts for each trade
-- source: judging.md §1
-- reads:  contract_papers, trade_keys

select
    k.trade_id, c.file, c.message, c.record, c.no, c.kind, c.mode, c.seller_uscc, c.buyer_uscc, c.buyer_name,
    c.buyer_country, c.buyer_id_no, c.signed_on, c.written_currency, c.currency, c.amount, c.price_basis,
    c.terms_days, c.due_on, c.payment_method
from contract_papers as c
join trade_keys as k on k.firm = c.firm and k.order_no = c.no
where c.version = 1
