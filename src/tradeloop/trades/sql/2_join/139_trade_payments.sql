-- gives:  trade_payments: the payments of each trade, as bank statements tell of them
-- source: judging.md §5; V4, V9: by the trade, order or contract number and the firm that was paid
-- reads:  payment_papers, trade_keys
-- blind to: a payment without a payee whose number fits the trades of several firms

with
    fitting as (
        select
            p.file, p.message, p.record, k.trade_id,
            case when k.trade_firm = p.payee_uscc then 1 else 0 end as paid_firm,
            count(*) over (partition by p.file, p.message, p.record) as candidates,
            max(case when k.trade_firm = p.payee_uscc then 1 else 0 end)
                over (partition by p.file, p.message, p.record) as any_paid
        from payment_papers as p
        join (select distinct trade_id, trade_firm, order_no from trade_keys) as k on k.order_no = p.number
        where p.version = 1
    )

select f.trade_id, p.file, p.message, p.record, p.ref, p.paid_on, p.written_currency, p.currency, p.amount, p.payer
from fitting as f
join payment_papers as p on p.file = f.file and p.message = f.message and p.record = f.record
where f.paid_firm = 1 or (f.any_paid = 0 and f.candidates = 1)
