-- gives:  trade_collections: the collections of each trade, with the latest customs answer
-- source: R3; judging.md §1: (orderNo, ebcCode); 404 by (orderNo, ebcCode, payNo if given)
-- reads:  collection_papers, trade_keys, answer_papers, currencies

with
    answers_latest as (
        select firm, order_no, pay_no, max(return_time) as last_time
        from answer_papers
        where kind = 'CEB404' and decides
        group by firm, order_no, pay_no
    ),
    answered as (
        select a.firm, a.order_no, a.pay_no, max(a.status) as status
        from answer_papers as a
        join answers_latest as l
            on l.firm = a.firm and l.order_no = a.order_no
            and l.pay_no is not distinct from a.pay_no and l.last_time = a.return_time
        where a.kind = 'CEB404' and a.decides
        group by a.firm, a.order_no, a.pay_no
    )

select
    k.trade_id, p.file, p.message, p.record, p.order_no, p.firm, p.pay_code, p.pay_no, p.charge,
    coalesce(c.iso, p.currency) as currency, p.accounting_date, p.app_time,
    coalesce(own.status, whole.status) as status,
    coalesce(coalesce(own.status, whole.status) = 100 or coalesce(own.status, whole.status) < 0, false) as rejected
from collection_papers as p
join trade_keys as k on k.firm = p.firm and k.order_no = p.order_no
left join currencies as c on c.code = p.currency
left join answered as own on own.firm = p.firm and own.order_no = p.order_no and own.pay_no = p.pay_no
left join answered as whole on whole.firm = p.firm and whole.order_no = p.order_no and whole.pay_no is null
where p.version = 1 and coalesce(p.app_type, '1') <> '3' and coalesce(p.app_status, '2') <> '1'
