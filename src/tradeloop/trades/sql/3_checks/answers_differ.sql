-- finding: answer-differs
-- asks:    Which answers name something else than the paper that they answer?
-- source:  judging.md §1: other keys that are present must agree
-- reads:   list_answers, trade_lists, trade_orders, answer_papers, firm_spells
-- blind to: firms under codes of two kinds without a firm row

with
    unlike_numbers as (
        select list_id, min(invt_no) as first_number, max(invt_no) as last_number
        from list_answers
        where list_id is not null
        group by list_id
        having min(invt_no) <> max(invt_no)
    ),
    seen as (
        select l.trade_id, a.file, a.message, a.record, 'orderNo' as field, a.order_no as seen, l.order_no as expected
        from list_answers as a
        join trade_lists as l on l.list_id = a.list_id
        where a.order_no <> l.order_no and (l.app_time is null or a.return_time >= l.app_time)
        union all
        select l.trade_id, a.file, a.message, a.record, 'copNo', a.cop_no, l.cop_no
        from list_answers as a
        join trade_lists as l on l.list_id = a.list_id
        where a.cop_no <> l.cop_no
        union all
        select l.trade_id, a.file, a.message, a.record, 'invtNo', a.invt_no, u.first_number
        from unlike_numbers as u
        join list_answers as a on a.list_id = u.list_id and a.invt_no = u.last_number
        join trade_lists as l on l.list_id = u.list_id
        where l.invt_no is null
        union all
        select l.trade_id, a.file, a.message, a.record, 'invtNo', a.invt_no, l.invt_no
        from list_answers as a
        join trade_lists as l on l.list_id = a.list_id
        where a.invt_no <> l.invt_no
        union all
        select l.trade_id, a.file, a.message, a.record, 'ebcCode', a.ebc_code, l.ebc_code
        from list_answers as a
        join trade_lists as l on l.list_id = a.list_id
        where a.firm <> l.firm and length(a.firm) = length(l.firm)
        union all
        select l.trade_id, a.file, a.message, a.record, 'ebpCode', a.ebp_code, l.ebp_code
        from list_answers as a
        join trade_lists as l on l.list_id = a.list_id
        left join firm_spells as x
            on x.code = a.ebp_code and a.return_time >= x.from_time
            and (x.until_time is null or a.return_time < x.until_time)
        left join firm_spells as y
            on y.code = l.ebp_code and l.app_time >= y.from_time
            and (y.until_time is null or l.app_time < y.until_time)
        where a.ebp_code <> l.ebp_code and (l.app_time is null or a.return_time >= l.app_time)
            and coalesce(x.firm, a.ebp_code) <> coalesce(y.firm, l.ebp_code)
            and length(coalesce(x.firm, a.ebp_code)) = length(coalesce(y.firm, l.ebp_code))
            and a.ebp_code <> '无' and l.ebp_code <> '无'
        union all
        select o.trade_id, a.file, a.message, a.record, 'ebpCode', a.ebp_code, o.ebp_code
        from answer_papers as a
        join trade_orders as o on o.firm = a.firm and o.order_no = a.order_no
        left join firm_spells as x
            on x.code = a.ebp_code and a.return_time >= x.from_time
            and (x.until_time is null or a.return_time < x.until_time)
        left join firm_spells as y
            on y.code = o.ebp_code and o.app_time >= y.from_time
            and (y.until_time is null or o.app_time < y.until_time)
        where a.kind = 'CEB304' and a.ebp_code <> o.ebp_code
            and (o.app_time is null or a.return_time >= o.app_time)
            and coalesce(x.firm, a.ebp_code) <> coalesce(y.firm, o.ebp_code)
            and length(coalesce(x.firm, a.ebp_code)) = length(coalesce(y.firm, o.ebp_code))
            and a.ebp_code <> '无' and o.ebp_code <> '无'
    ),
    -- the same answer often comes more than once; it is told once
    told_once as (
        select
            trade_id, file, message, record, field, seen, expected,
            row_number() over (
                partition by trade_id, field, seen, expected order by file, message, record
            ) as place
        from seen
    )

select
    trade_id, 'answer-differs' as code, file, message, record, 0 as line, field, seen, expected
from told_once
where place = 1
