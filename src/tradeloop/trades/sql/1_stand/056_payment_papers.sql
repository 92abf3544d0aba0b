-- gives:  payment_papers: every version of every payment of a statement; version 1 is the one that counts
-- source: judging.md §5; one reference may be split over several trades, so the trade is part of the key
-- reads:  payments, currencies

select
    p.file, p.message, p.record, p.ref, coalesce(p.trade_no, p.order_no) as number, p.paid_on,
    p.currency as written_currency, coalesce(c.iso, p.currency) as currency, p.amount, p.payer, p.payee_uscc, p.updated_at,
    row_number() over (
        partition by p.ref, coalesce(p.trade_no, p.order_no), p.payee_uscc
        order by
            p.updated_at desc nulls last, p.paid_on desc nulls last, p.amount desc nulls last,
            p.payer desc nulls last, p.file, p.message, p.record
    ) as version
from payments as p
left join currencies as c on c.code = p.currency
where p.ref is not null
