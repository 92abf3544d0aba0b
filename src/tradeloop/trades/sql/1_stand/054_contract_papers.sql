-- gives:  contract_papers: every version of every contract; version 1 is the one that counts
-- source: judging.md §1, §5: a contract is known by its seller and its number
-- reads:  contracts, currencies

select
    p.file, p.message, p.record, p.no, coalesce(p.kind, 'purchase') as kind, p.mode, p.seller_uscc as firm, p.seller_uscc,
    p.buyer_uscc, p.buyer_name, p.buyer_country, p.buyer_id_no, p.signed_on,
    p.currency as written_currency, coalesce(c.iso, p.currency) as currency, p.amount,
    coalesce(p.price_basis, 'FOB') as price_basis, p.delivery_on, p.terms_days, p.due_on, p.payment_method, p.updated_at,
    row_number() over (
        partition by p.seller_uscc, p.no
        order by
            p.updated_at desc nulls last, p.signed_on desc nulls last, p.amount desc nulls last,
            p.buyer_name desc nulls last, p.buyer_uscc desc nulls last, p.due_on desc nulls last,
            p.file, p.message, p.record
    ) as version
from contracts as p
left join currencies as c on c.code = p.currency
where p.no is not null and p.seller_uscc is not null
