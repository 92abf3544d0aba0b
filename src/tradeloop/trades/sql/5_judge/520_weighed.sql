-- gives:  weighed: every finding of checks and readers with its weight and its link
-- source: judging.md §3; weights are dated data (findings.csv)
--         an identity number of a person is nowhere shown
-- reads:  found, told, told_trades, finding_weights, trades_outside
-- blind to: trades outside the purpose; what a check finds where the reader told the same of the same field; the reader names the cell

with
    by_reader as (
        select distinct p.trade_id, t.code, t.file, t.message, t.record, t.line, t.field
        from told as t
        join told_trades as p
            on p.file = t.file and p.message = t.message and p.record = t.record and p.line = t.line
    ),
    said as (
        select
            f.trade_id, f.code, w.weight, w.link, f.file, f.message, f.record, f.line, f.field, f.seen, f.expected,
            cast(null as string) as place
        from found as f
        join finding_weights as w on w.code = f.code
        left join by_reader as r
            on r.trade_id = f.trade_id and r.code = f.code and r.file = f.file and r.message = f.message
            and r.record = f.record and r.line = f.line and r.field = f.field
        left join trades_outside as x on x.trade_id = f.trade_id
        where r.code is null and x.trade_id is null
        union all
        select
            p.trade_id, t.code, w.weight, w.link, t.file, t.message, t.record, t.line, t.field, t.seen, t.expected,
            t.place
        from told as t
        join finding_weights as w on w.code = t.code
        left join told_trades as p
            on p.file = t.file and p.message = t.message and p.record = t.record and p.line = t.line
        left join trades_outside as x on x.trade_id = p.trade_id
        where x.trade_id is null
    ),
    -- some write it where a firm's credit code belongs, which begins with another figure
    marked as (
        select
            said.*,
            field in ('merchant_id', 'purchaser_id_no', 'buyer_id_no', 'contact') and seen <> 'empty' as of_person,
            field in ('merchant_uscc', 'agent_uscc', 'seller_uscc', 'buyer_uscc', 'supplier_uscc', 'payee_uscc')
                and length(seen) in (15, 18) and substr(seen, 1, 1) between '1' and '8'
                and translate(substr(seen, 1, 17), '0123456789', '') = '' as like_a_person
        from said
    )

select
    trade_id, code, weight, link, file, message, record, line, field,
    case
        when of_person then 'not shown'
        when like_a_person then substr(seen, 1, 6) || '********' || substr(seen, 15)
        else seen
    end as seen,
    case when like_a_person then 'the credit code of a firm; this may be the identity number of a person' else expected end as expected,
    place
from marked
