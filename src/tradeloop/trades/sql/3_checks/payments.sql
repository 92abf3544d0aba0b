-- finding: payment-exceeds, payment-part, payment-currency-differs, payment-reused, payment-split, payer-differs, cash-payment
-- asks:    Was more paid than is owed, in another currency, twice by one payment, by somebody else, or in cash?
-- source:  V4, V9; judging.md §4: 1.00 of the currency; market trade is not settled in cash (announcement 54 of 2014)
-- reads:   trade_payments, goods_sums, trade_terms, market_records, trade_contracts, tolerances
-- blind to: a transfer whose parts are together more than it was, for no paper says how much it was; trades of parcels,
--          whose payments are collections; who the payer of a purchase is

with
    paid as (
        select trade_id, currency, cast(sum(amount) as decimal(28, 5)) as amount
        from trade_payments where amount is not null group by trade_id, currency
    ),
    last_paper as (
        select
            trade_id, file, message, record,
            row_number() over (partition by trade_id order by paid_on desc nulls last, ref desc, file, message, record) as place
        from trade_payments
    ),
    compared as (
        select p.trade_id, p.amount, s.amount as owed, n.file, n.message, n.record, t.collection
        from paid as p
        join goods_sums as s on s.trade_id = p.trade_id and s.currency = p.currency
        join last_paper as n on n.trade_id = p.trade_id and n.place = 1
        cross join tolerances as t
    ),
    -- one transfer may pay several trades, each with its part; the same amount twice is one payment shown twice
    parts as (
        select ref, currency, amount, count(distinct trade_id) as trades from trade_payments group by ref, currency, amount
    ),
    shared as (
        select ref from trade_payments group by ref having count(distinct trade_id) > 1
    ),
    buyers as (
        select trade_id, purchaser_name as buyer_name from market_records
        union all
        select trade_id, buyer_name from trade_contracts where kind = 'sale'
    ),
    named as (
        select
            p.trade_id, p.file, p.message, p.record, p.payer, b.buyer_name,
            translate(upper(p.payer), ' .,()&-''', '') as payer_plain,
            translate(upper(b.buyer_name), ' .,()&-''', '') as buyer_plain
        from trade_payments as p
        join buyers as b on b.trade_id = p.trade_id
    )

select
    trade_id, 'payment-exceeds' as code, file, message, record, 0 as line, 'amount' as field,
    cast(amount as string) as seen, 'at most ' || cast(owed as string) as expected
from compared
where amount - owed > collection
union all
select
    trade_id, 'payment-part' as code, file, message, record, 0 as line, 'amount' as field,
    cast(amount as string) as seen, cast(owed as string) as expected
from compared
where owed - amount > collection
union all
select
    p.trade_id, 'payment-currency-differs' as code, p.file, p.message, p.record, 0 as line, 'currency' as field,
    p.written_currency as seen, s.currency as expected
from trade_payments as p
join goods_sums as s on s.trade_id = p.trade_id
where p.currency <> s.currency
union all
select
    p.trade_id, case when r.trades > 1 then 'payment-reused' else 'payment-split' end as code,
    p.file, p.message, p.record, 0 as line, 'ref' as field,
    p.ref as seen, case when r.trades > 1 then 'a payment of its own' else 'one payment for several trades' end as expected
from trade_payments as p
join shared as s on s.ref = p.ref
join parts as r
    on r.ref = p.ref and r.currency is not distinct from p.currency and r.amount is not distinct from p.amount
union all
select
    trade_id, 'payer-differs' as code, file, message, record, 0 as line, 'payer' as field, payer as seen, buyer_name as expected
from named
where payer_plain <> buyer_plain
union all
select
    trade_id, 'cash-payment' as code, file, message, record, 0 as line, 'payment_method' as field,
    payment_method as seen, 'a payment through a bank' as expected
from trade_terms
where payment_method = 'cash'
