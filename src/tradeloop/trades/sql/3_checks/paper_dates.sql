-- finding: dates-out-of-order, date-in-future, due-too-late
-- asks:    Whose days do not follow one another, lie after the day of judging, or grant credit for too long?
-- source:  judging.md §4: one day of slack; judging.md §2: due within 360 days; V2: received by the day of judging
-- reads:   market_records, trade_declarations, trade_contracts, trade_receipts, trade_invoices, trade_payments,
--          trade_terms, trade, tolerances, judging
-- blind to: papers without a date; the length of credit outside market trade and the purpose insurance

with
    said as (
        select trade_id, file, message, record, 'confirmed_at' as field, cast(confirmed_at as date) as said_on from market_records
        union all
        select trade_id, file, message, record, 'declared_on', declared_on from trade_declarations where stands
        union all
        select trade_id, file, message, record, 'signed_on', signed_on from trade_contracts
        union all
        select trade_id, file, message, record, 'received_on', received_on from trade_receipts
        union all
        select trade_id, file, message, record, 'issued_on', issued_on from trade_invoices where counts
        union all
        select trade_id, file, message, record, 'paid_on', paid_on from trade_payments
    )

select
    d.trade_id, 'dates-out-of-order' as code, d.file, d.message, d.record, 0 as line, 'declared_on' as field,
    cast(d.declared_on as string) as seen, 'not before the trade was confirmed on ' || cast(cast(r.confirmed_at as date) as string) as expected
from market_records as r
join trade_declarations as d on d.trade_id = r.trade_id and d.stands
cross join tolerances as t
where r.confirmed_at >= cast(d.declared_on as timestamp) + (t.date_slack_days + 1) * interval '1' day
union all
select
    d.trade_id, 'dates-out-of-order' as code, d.file, d.message, d.record, 0 as line, 'released_at' as field,
    cast(d.released_at as string) as seen, 'not before it was declared on ' || cast(d.declared_on as string) as expected
from trade_declarations as d
cross join tolerances as t
where d.stands and cast(d.declared_on as timestamp) > d.released_at + t.date_slack_days * interval '1' day
union all
select
    g.trade_id, 'dates-out-of-order' as code, g.file, g.message, g.record, 0 as line, 'received_on' as field,
    cast(g.received_on as string) as seen, 'not before the contract of ' || cast(c.signed_on as string) as expected
from trade_receipts as g
join trade_contracts as c on c.trade_id = g.trade_id
cross join tolerances as t
where cast(c.signed_on as timestamp) > cast(g.received_on as timestamp) + t.date_slack_days * interval '1' day
union all
select
    d.trade_id, 'dates-out-of-order' as code, d.file, d.message, d.record, 0 as line, 'declared_on' as field,
    cast(d.declared_on as string) as seen, 'not before the contract of ' || cast(c.signed_on as string) as expected
from trade_declarations as d
join trade_contracts as c on c.trade_id = d.trade_id
cross join tolerances as t
where d.stands and cast(c.signed_on as timestamp) > cast(d.declared_on as timestamp) + t.date_slack_days * interval '1' day
union all
select
    s.trade_id, 'date-in-future' as code, s.file, s.message, s.record, 0 as line, s.field,
    cast(s.said_on as string) as seen, 'not after ' || cast(j.on_date as string) as expected
from said as s
cross join judging as j
where s.said_on > j.on_date
union all
select
    m.trade_id, 'due-too-late' as code, m.file, m.message, m.record, 0 as line, 'due_on' as field,
    cast(m.due_on as string) as seen,
    'at most ' || cast(t.credit_days_max as string) || ' days from ' || cast(m.from_on as string) as expected
from trade_terms as m
join trade as k on k.trade_id = m.trade_id and k.mode = '1039'
cross join tolerances as t
cross join judging as j
where j.purpose = 'insurance'
    and cast(m.due_on as timestamp) > cast(m.from_on as timestamp) + t.credit_days_max * interval '1' day
