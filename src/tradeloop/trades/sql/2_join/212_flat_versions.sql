-- gives:  flat_versions: each version of a waybill or a collection beside the next one
-- source: R6; judging.md §1
-- reads:  waybill_papers, collection_papers, list_waybills, trade_keys, answer_papers
-- blind to: waybills that no list names

with
    waybills as (
        select
            p.file, p.message, p.record, p.app_type, p.app_status, n.app_type as next_type,
            n.app_status as next_status, n.file as next_file, n.message as next_message, n.record as next_record,
            p.gross_weight is not distinct from n.gross_weight and p.pack_no is not distinct from n.pack_no
                and p.freight is not distinct from n.freight and p.firm is not distinct from n.firm as same,
            p.carrier, p.logistics_no, p.app_time, n.app_time as next_time
        from waybill_papers as p
        join waybill_papers as n
            on n.carrier = p.carrier and n.logistics_no = p.logistics_no and n.place = p.place + 1
        where p.version > 1
    ),
    collected as (
        select
            p.file, p.message, p.record, p.app_type, p.app_status, n.app_type as next_type,
            n.app_status as next_status,
            p.charge is not distinct from n.charge and p.currency is not distinct from n.currency as same,
            p.firm, p.order_no, p.pay_no, p.app_time, n.app_time as next_time
        from collection_papers as p
        join collection_papers as n
            on n.firm = p.firm and n.order_no = p.order_no and n.pay_no is not distinct from p.pay_no
            and n.version = p.version - 1
            and (p.pay_no is not null or (n.charge = p.charge and n.accounting_date = p.accounting_date))
        where p.version > 1
    )

select
    lw.trade_id, w.file, w.message, w.record, 'logisticsNo' as field, w.logistics_no as number,
    w.app_type, w.app_status, w.next_type, w.next_status, w.same,
    exists (
        select 1 from answer_papers as a
        where a.kind = 'CEB506' and a.carrier = w.carrier and a.logistics_no = w.logistics_no
            and (a.status = 100 or a.status < 0) and a.return_time >= w.app_time and a.return_time <= w.next_time
    ) as rejected
from waybills as w
join (select distinct trade_id, carrier, logistics_no from list_waybills) as lw
    on lw.carrier = w.carrier and lw.logistics_no = w.logistics_no
union all
select
    k.trade_id, c.file, c.message, c.record, 'payNo' as field, c.pay_no as number,
    c.app_type, c.app_status, c.next_type, c.next_status, c.same,
    exists (
        select 1 from answer_papers as a
        where a.kind = 'CEB404' and a.firm = c.firm and a.order_no = c.order_no
            and (a.status = 100 or a.status < 0) and a.return_time >= c.app_time and a.return_time <= c.next_time
    ) as rejected
from collected as c
join trade_keys as k on k.firm = c.firm and k.order_no = c.order_no
