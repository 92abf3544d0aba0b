-- gives:  list_answers: each 604 with the list that it answers and the way by which it was found
-- source: judging.md §1: (agentCode, copNo), else invtNo, else (orderNo, ebcCode), the first that hits
-- reads:  answer_papers, trade_lists
-- blind to: an answer found only by an order with several lists; it stays an orphan

with
    by_number as (
        select
            a.file, a.message, a.record, a.agent, a.cop_no, a.invt_no, a.order_no, a.firm, a.ebc_code, a.ebp_code,
            a.status, a.known, a.decides, a.return_status, a.return_time, l.list_id
        from answer_papers as a
        left join trade_lists as l on l.agent = a.agent and l.cop_no = a.cop_no
        where a.kind = 'CEB604'
    ),
    single_invt as (
        -- an answer found by copNo teaches the list's number
        select invt_no, min(list_id) as list_id
        from (
            select invt_no, list_id from trade_lists where invt_no is not null
            union
            select invt_no, list_id from by_number where invt_no is not null and list_id is not null
        ) as learned
        group by invt_no having count(*) = 1
    ),
    single_order as (
        select firm, order_no, min(list_id) as list_id from trade_lists
        group by firm, order_no having count(*) = 1
    ),
    rest as (
        select
            b.file, b.message, b.record, b.agent, b.cop_no, b.invt_no, b.order_no, b.firm, b.ebc_code, b.ebp_code,
            b.status, b.known, b.decides, b.return_status, b.return_time,
            coalesce(i.list_id, o.list_id) as list_id,
            case when i.list_id is not null then 'invtNo' when o.list_id is not null then 'orderNo' end as found_by
        from by_number as b
        left join single_invt as i on i.invt_no = b.invt_no
        left join single_order as o on o.firm = b.firm and o.order_no = b.order_no
        where b.list_id is null
    )

select
    file, message, record, agent, cop_no, invt_no, order_no, firm, ebc_code, ebp_code, status, known, decides, return_status,
    return_time, list_id, 'copNo' as found_by
from by_number
where list_id is not null
union all
select
    file, message, record, agent, cop_no, invt_no, order_no, firm, ebc_code, ebp_code, status, known, decides, return_status,
    return_time, list_id, found_by
from rest
