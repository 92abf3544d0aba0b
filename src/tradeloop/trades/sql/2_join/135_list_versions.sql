-- gives:  list_versions: each version of a list beside the next one, and whether they say the same
-- source: R6; judging.md §1
-- reads:  list_papers, list_lines, answer_papers
-- blind to: lists with one version

with
    pairs as (
        select
            p.agent, p.cop_no, p.firm, p.order_no, p.file, p.message, p.record, p.app_type, p.app_status, p.app_time, p.version, p.list_key,
            n.file as next_file, n.message as next_message, n.record as next_record,
            n.app_type as next_type, n.app_status as next_status, n.app_time as next_time,
            p.order_no = n.order_no and p.firm = n.firm
                and p.ebp_code is not distinct from n.ebp_code
                and p.logistics_no is not distinct from n.logistics_no
                and p.gross_weight is not distinct from n.gross_weight
                and p.net_weight is not distinct from n.net_weight
                and p.country is not distinct from n.country
                and p.trade_mode is not distinct from n.trade_mode
                and p.statistics_flag is not distinct from n.statistics_flag
                and p.ie_date is not distinct from n.ie_date
                and p.freight is not distinct from n.freight as same_head
        from list_papers as p
        join list_papers as n on n.agent is not distinct from p.agent and n.list_key = p.list_key and n.version = p.version - 1
        where p.version > 1
    ),
    counts as (
        select x.file, x.message, x.record, count(*) as lines
        from list_lines as x
        join (
            select file, message, record from pairs
            union
            select next_file, next_message, next_record from pairs
        ) as wanted on wanted.file = x.file and wanted.message = x.message and wanted.record = x.record
        group by x.file, x.message, x.record
    ),
    equal_lines as (
        select p.file, p.message, p.record, count(*) as lines
        from pairs as p
        join list_lines as a on a.file = p.file and a.message = p.message and a.record = p.record
        join list_lines as b
            on b.file = p.next_file and b.message = p.next_message and b.record = p.next_record
            and b.line = a.line and b.item_no is not distinct from a.item_no
            and b.gname is not distinct from a.gname and b.gmodel is not distinct from a.gmodel
            and b.qty is not distinct from a.qty and b.price is not distinct from a.price
            and b.total_price is not distinct from a.total_price
            and b.gcode is not distinct from a.gcode
            and b.unit is not distinct from a.unit and b.currency is not distinct from a.currency
        group by p.file, p.message, p.record
    ),
    rejected as (
        select distinct p.file, p.message, p.record
        from pairs as p
        join answer_papers as a on a.kind = 'CEB604' and a.agent = p.agent and a.cop_no = p.cop_no
        where (a.status = 100 or a.status < 0)
            and (p.app_time is null or a.return_time >= p.app_time)
            and (p.next_time is null or a.return_time <= p.next_time)
    )

select
    p.agent, p.cop_no, p.list_key, p.version, p.firm, p.order_no, p.file, p.message, p.record, p.next_file, p.next_message, p.next_record,
    p.app_type, p.app_status, p.next_type, p.next_status,
    p.same_head and coalesce(a.lines, 0) = coalesce(b.lines, 0) and coalesce(e.lines, 0) = coalesce(a.lines, 0) as same,
    r.file is not null as rejected
from pairs as p
left join counts as a on a.file = p.file and a.message = p.message and a.record = p.record
left join counts as b on b.file = p.next_file and b.message = p.next_message and b.record = p.next_record
left join equal_lines as e on e.file = p.file and e.message = p.message and e.record = p.record
left join rejected as r on r.file = p.file and r.message = p.message and r.record = p.record
