-- finding: orphan-waybill, orphan-collection, orphan-answer, orphan-list, orphan-cancellation, orphan-return
-- asks:    Which papers belong to no trade?
-- source:  judging.md §1: everything but an order or a list attaches to one, or is an orphan
-- reads:   waybill_papers, trade_lists, arrival_lines, arrival_papers, departure_lines, departure_papers,
--          manifest_lines, manifest_papers, collection_papers, trade_keys, answer_papers, list_answers,
--          summary_lines, summary_papers, list_states, cancellation_papers, return_papers,
--          result_papers
-- blind to: nothing

with
    carried as (
        select distinct carrier, logistics_no from trade_lists where logistics_no is not null
    ),
    parcels as (
        select file, message, record, 0 as line, carrier, logistics_no from waybill_papers where version = 1
        union all
        select n.file, n.message, n.record, n.line, h.carrier, n.logistics_no
        from arrival_lines as n
        join arrival_papers as h on h.file = n.file and h.message = n.message and h.record = n.record
        where h.version = 1 and n.logistics_no is not null
        union all
        select n.file, n.message, n.record, n.line, h.carrier, n.logistics_no
        from departure_lines as n
        join departure_papers as h on h.file = n.file and h.message = n.message and h.record = n.record
        where h.version = 1 and n.logistics_no is not null
    ),
    numbers as (
        select distinct invt_no from list_states where invt_no is not null
    ),
    listed as (
        select n.file, n.message, n.record, n.line, n.invt_no
        from summary_lines as n
        join summary_papers as h on h.file = n.file and h.message = n.message and h.record = n.record
        where h.version = 1 and n.invt_no is not null
        union all
        select n.file, n.message, n.record, n.line, n.invt_no
        from manifest_lines as n
        join manifest_papers as h on h.file = n.file and h.message = n.message and h.record = n.record
        where h.version = 1 and n.invt_no is not null
    ),
    answered as (
        select 'CEB508' as kind, cop_no as number from arrival_papers
        union
        select 'CEB510', cop_no from departure_papers
        union
        select 'CEB606', cop_no from cancellation_papers
        union
        select 'CEB606', invt_no from cancellation_papers
        union
        select 'CEB608', cop_no from manifest_papers
        union
        select 'CEB702', cop_no from summary_papers
        union
        select 'CEB702', sum_no from summary_papers
        union
        select 'CEB702', sum_no from result_papers
        union
        select 'CEB214', co_el_no from return_papers
        union
        select 'CEB214', invt_no from return_papers
    ),
    unanswered as (
        select a.file, a.message, a.record, 'copNo' as field, a.cop_no as seen, 'the list that it answers' as expected
        from list_answers as a
        where a.list_id is null
        union all
        select a.file, a.message, a.record, 'orderNo', a.order_no, 'the order that it answers'
        from answer_papers as a
        left join trade_keys as k on k.firm = a.firm and k.order_no = a.order_no
        where a.kind in ('CEB304', 'CEB404') and k.trade_id is null
        union all
        select a.file, a.message, a.record, 'logisticsNo', a.logistics_no, 'the waybill that it answers'
        from answer_papers as a
        left join (select distinct carrier, logistics_no from waybill_papers) as w
            on w.carrier = a.carrier and w.logistics_no = a.logistics_no
        where a.kind = 'CEB506' and w.carrier is null
        union all
        select
            a.file, a.message, a.record, 'copNo',
            coalesce(a.cop_no, a.co_el_no, a.invt_no, a.sum_no, a.bill_no, a.kind), 'the paper that it answers'
        from answer_papers as a
        left join answered as p on p.kind = a.kind and p.number = coalesce(a.co_el_no, a.cop_no)
        left join answered as q
            on q.kind = a.kind and q.number = case when a.kind = 'CEB702' then a.sum_no else a.invt_no end
        where a.kind in ('CEB508', 'CEB510', 'CEB606', 'CEB608', 'CEB702', 'CEB214')
            and p.number is null and q.number is null
    ),
    -- the same answer often comes more than once; it is told once
    unanswered_once as (
        select
            file, message, record, field, seen, expected,
            row_number() over (partition by field, seen, expected order by file, message, record) as place
        from unanswered
    )

select
    cast(null as bigint) as trade_id, 'orphan-waybill' as code, p.file, p.message, p.record, p.line,
    'logisticsNo' as field, p.logistics_no as seen, 'a list that names it' as expected
from parcels as p
left join carried as c on c.carrier = p.carrier and c.logistics_no = p.logistics_no
where c.carrier is null
union all
select
    cast(null as bigint), 'orphan-collection', p.file, p.message, p.record, 0,
    'orderNo', p.order_no, 'an order or a list with it'
from collection_papers as p
left join trade_keys as k on k.firm = p.firm and k.order_no = p.order_no
where p.version = 1 and k.trade_id is null
union all
select
    cast(null as bigint), 'orphan-list', l.file, l.message, l.record, l.line,
    'invtNo', l.invt_no, 'a list that bears it'
from listed as l
left join numbers as n on n.invt_no = l.invt_no
where n.invt_no is null
union all
select
    cast(null as bigint), 'orphan-cancellation', p.file, p.message, p.record, 0,
    'invtNo', coalesce(p.invt_no, p.cop_no), 'a list that bears it'
from cancellation_papers as p
left join numbers as n on n.invt_no = p.invt_no
left join trade_lists as l on l.agent = p.agent and l.cop_no = p.cop_no
where p.version = 1 and n.invt_no is null and l.list_id is null
union all
select
    cast(null as bigint), 'orphan-return', p.file, p.message, p.record, 0,
    'invtNo', p.invt_no, 'a list that bears it'
from return_papers as p
left join numbers as n on n.invt_no = p.invt_no
where p.version = 1 and n.invt_no is null
union all
select cast(null as bigint), 'orphan-answer', file, message, record, 0, field, seen, expected
from unanswered_once
where place = 1
