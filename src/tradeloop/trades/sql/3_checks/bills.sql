-- finding: bill-differs
-- asks:    Which departure notes, arrival notes and manifests name another master bill than the list?
-- source:  R7; R8: billNo joins 603, 607, 507 and 509
-- reads:   trade_lists, list_departures, list_arrivals, list_manifests
-- blind to: a list without a bill number whose notes all agree

with
    named as (
        select trade_id, list_id, file, message, record, line, bill_no from list_departures where bill_no is not null
        union all
        select trade_id, list_id, file, message, record, line, bill_no from list_arrivals where bill_no is not null
        union all
        select trade_id, list_id, file, message, record, line, bill_no from list_manifests where bill_no is not null
    ),
    unlike as (
        select list_id, min(bill_no) as first_bill, max(bill_no) as last_bill
        from named
        group by list_id
        having min(bill_no) <> max(bill_no)
    )

select
    n.trade_id, 'bill-differs' as code, n.file, n.message, n.record, n.line,
    'billNo' as field, n.bill_no as seen, l.bill_no as expected
from named as n
join trade_lists as l on l.list_id = n.list_id
where n.bill_no <> l.bill_no
union all
select
    n.trade_id, 'bill-differs' as code, n.file, n.message, n.record, n.line,
    'billNo' as field, n.bill_no as seen, u.first_bill as expected
from unlike as u
join named as n on n.list_id = u.list_id and n.bill_no = u.last_bill
join trade_lists as l on l.list_id = n.list_id
where l.bill_no is null
