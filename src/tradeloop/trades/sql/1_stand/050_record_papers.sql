-- gives:  record_papers: every version of every market trade record; version 1 is the one that counts
-- source: judging.md §1, §5: a trade record is known by its merchant and its number; the latest version counts
-- reads:  trade_records, currencies

select
    r.file, r.message, r.record, r.trade_no, r.merchant_uscc, r.agent_uscc,
    coalesce(r.merchant_uscc, r.merchant_id) as firm,
    r.purchaser_name, r.purchaser_country, r.purchaser_id_type, r.purchaser_id_no, r.terms_days, r.due_on, r.payment_method,
    r.currency as written_currency, coalesce(c.iso, r.currency) as currency, r.amount,
    coalesce(r.price_basis, 'FOB') as price_basis, r.packing_list_no, r.declaration_no, r.container_no,
    r.confirmed_at, r.updated_at,
    row_number() over (
        partition by coalesce(r.merchant_uscc, r.merchant_id), r.trade_no
        order by
            r.updated_at desc nulls last, r.confirmed_at desc nulls last, r.declaration_no desc nulls last,
            r.amount desc nulls last, r.purchaser_name desc nulls last, r.purchaser_id_no desc nulls last,
            r.due_on desc nulls last, r.container_no desc nulls last, r.file, r.message, r.record
    ) as version
from trade_records as r
left join currencies as c on c.code = r.currency
where r.trade_no is not null and coalesce(r.merchant_uscc, r.merchant_id) is not null
