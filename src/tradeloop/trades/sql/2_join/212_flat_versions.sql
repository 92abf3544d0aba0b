-- gives:  flat_versions: each version of a waybill or a collection beside the next one
-- source: R6; judging.md §1
-- reads:  waybill_papers, collection_papers, answer_papers
-- blind to: waybills and collections with one version

with
    waybills as (
        select
            p.file, p.message, p.record, p.app_type, p.app_status, n.app_type as next_type, n.app_status as next_status,
            p.gross_weight is not distinct from n.gross_weight and p.pack_no is not distinct from n.pack_no
                and p.freight is not distinct from n.freight and p.firm is not distinct from n.firm as same,
            p.carrier, p.logistics_no, p.app_time, n.app_time as next_time
        from waybill_papers as p
        join waybill_papers as n
            on n.carrier = p.carrier and n.logistics_no = p.logistics_no and n.place = p.place + 1
        where p.version > 1
    ),
    waybills_rejected as (
        select distinct w.file, w.message, w.record
        from waybills as w
        join answer_papers as a on a.kind = 'CEB506' and a.carrier = w.carrier and a.logistics_no = w.logistics_no
        where (a.status = 100 or a.status < 0) and a.return_time >= w.app_time and a.return_time <= w.next_time
    ),
    collected as (
        select
            p.file, p.message, p.record, p.app_type, p.app_status, n.app_type as next_type, n.app_status as next_status,
            p.charge is not distinct from n.charge and p.currency is not distinct from n.currency as same,
            p.firm, p.order_no, p.pay_no, p.app_time, n.app_time as next_time
        from collection_papers as p
        join collection_papers as n
            on n.firm = p.firm and n.order_no = p.order_no and n.pay_no is not distinct from p.pay_no
            and n.pay_code is not distinct from p.pay_code
            and n.version = p.version - 1
            and (p.pay_no is not null or (n.charge = p.charge and n.accounting_date = p.accounting_date))
        where p.version > 1
    ),
    collected_rejected as (
        select distinct c.file, c.message, c.record
        from collected as c
        join answer_papers as a on a.kind = 'CEB404' and a.firm = c.firm and a.order_no = c.order_no
        where (a.status = 100 or a.status < 0) and a.return_time >= c.app_time and a.return_time <= c.next_time
    )

select
    'CEB505' as kind, w.file, w.message, w.record, w.carrier as holder, w.logistics_no as number,
    'logisticsNo' as field, w.logistics_no as shown,
    w.app_type, w.app_status, w.next_type, w.next_status, w.same, r.file is not null as rejected
from waybills as w
left join waybills_rejected as r on r.file = w.file and r.message = w.message and r.record = w.record
union all
select
    'CEB403' as kind, c.file, c.message, c.record, c.firm as holder, c.order_no as number,
    'payNo' as field, c.pay_no as shown,
    c.app_type, c.app_status, c.next_type, c.next_status, c.same, r.file is not null as rejected
from collected as c
left join collected_rejected as r on r.file = c.file and r.message = c.message and r.record = c.record
