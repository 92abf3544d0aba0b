-- finding: payment-reused
-- asks:    Which payment numbers stand behind the orders of two trades?
-- source:  R3; K-PAY: a payment firm's number is one payment
-- reads:   trade_collections
-- blind to: collections without a payment number

with
    shared as (
        select pay_code, pay_no, min(trade_id) as first_trade
        from trade_collections
        where pay_no is not null and not rejected
        group by pay_code, pay_no
        having min(trade_id) <> max(trade_id)
    )

select
    c.trade_id, 'payment-reused' as code, c.file, c.message, c.record, 0 as line,
    'payNo' as field, c.pay_no as seen, 'a payment of its own' as expected
from trade_collections as c
join shared as s on s.pay_no = c.pay_no and s.pay_code is not distinct from c.pay_code
where not c.rejected
