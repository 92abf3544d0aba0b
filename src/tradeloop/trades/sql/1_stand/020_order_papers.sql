-- gives:  order_papers: every version of every order; version 1 is the one that counts
-- source: judging.md §1; R6: a declared version before drafts, then the latest
-- reads:  orders, firm_spells

select
    o.file, o.message, o.record, o.guid, o.order_no, o.ebp_code, o.ebc_code,
    coalesce(s.firm, o.ebc_code) as firm,
    o.goods_value, o.freight, o.currency, o.order_type, o.app_time, o.app_type, o.app_status,
    min(o.app_time) over (partition by coalesce(s.firm, o.ebc_code), o.order_no) as first_time,
    row_number() over (
        partition by coalesce(s.firm, o.ebc_code), o.order_no
        order by
            case when o.app_status = '1' then 1 else 0 end, o.app_time desc nulls last,
            o.app_type desc nulls last, o.guid desc nulls last, o.goods_value desc nulls last,
            o.ebp_code desc nulls last, o.file, o.message, o.record
    ) as version
from orders as o
left join firm_spells as s
    on s.code = o.ebc_code
    and coalesce(o.app_time, timestamp '9999-01-01') >= s.from_time
    and (s.until_time is null or coalesce(o.app_time, timestamp '9999-01-01') < s.until_time)
where o.order_no is not null and o.ebc_code is not null
