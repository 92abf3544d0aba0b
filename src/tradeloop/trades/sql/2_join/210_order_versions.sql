-- gives:  order_versions: each version of an order beside the next one, and whether they say the same
-- source: R6; judging.md §1
-- reads:  order_papers, order_lines, answer_papers
-- blind to: orders with one version

with
    pairs as (
        select
            p.firm, p.order_no, p.file, p.message, p.record, p.app_type, p.app_status, p.app_time,
            n.file as next_file, n.message as next_message, n.record as next_record,
            n.app_type as next_type, n.app_status as next_status, n.app_time as next_time,
            p.ebp_code is not distinct from n.ebp_code
                and p.goods_value is not distinct from n.goods_value
                and p.freight is not distinct from n.freight
                and p.currency is not distinct from n.currency
                and p.order_type is not distinct from n.order_type as same_head
        from order_papers as p
        join order_papers as n on n.firm = p.firm and n.order_no = p.order_no and n.version = p.version - 1
        where p.version > 1
    ),
    counts as (
        select x.file, x.message, x.record, count(*) as lines
        from order_lines as x
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
        join order_lines as a on a.file = p.file and a.message = p.message and a.record = p.record
        join order_lines as b
            on b.file = p.next_file and b.message = p.next_message and b.record = p.next_record
            and b.line = a.line and b.item_no is not distinct from a.item_no
            and b.item_name is not distinct from a.item_name
            and b.qty is not distinct from a.qty and b.price is not distinct from a.price
            and b.total_price is not distinct from a.total_price
            and b.unit is not distinct from a.unit and b.currency is not distinct from a.currency
        group by p.file, p.message, p.record
    ),
    rejected as (
        select distinct p.file, p.message, p.record
        from pairs as p
        join answer_papers as a on a.kind = 'CEB304' and a.firm = p.firm and a.order_no = p.order_no
        where (a.status = 100 or a.status < 0)
            and (p.app_time is null or a.return_time >= p.app_time)
            and (p.next_time is null or a.return_time <= p.next_time)
    )

select
    p.firm, p.order_no, p.file, p.message, p.record, p.next_file, p.next_message, p.next_record,
    p.app_type, p.app_status, p.next_type, p.next_status,
    p.same_head and coalesce(a.lines, 0) = coalesce(b.lines, 0) and coalesce(e.lines, 0) = coalesce(a.lines, 0) as same,
    r.file is not null as rejected
from pairs as p
left join counts as a on a.file = p.file and a.message = p.message and a.record = p.record
left join counts as b on b.file = p.next_file and b.message = p.next_message and b.record = p.next_record
left join equal_lines as e on e.file = p.file and e.message = p.message and e.record = p.record
left join rejected as r on r.file = p.file and r.message = p.message and r.record = p.record
