-- gives:  collection_papers: every version of every collection; version 1 is the one that counts
-- source: judging.md §1: collections join by (orderNo, ebcCode); several have their own payNo
-- reads:  collections, firm_spells

select
    c.file, c.message, c.record, c.guid, c.order_no, c.ebc_code, c.ebp_code,
    coalesce(s.firm, c.ebc_code) as firm,
    c.pay_code, c.pay_no, c.charge, c.currency, c.accounting_date, c.app_time, c.app_type, c.app_status,
    row_number() over (
        partition by coalesce(s.firm, c.ebc_code), c.order_no, c.pay_code, c.pay_no,
            -- without a payment number two collections are two payments unless all else is equal
            case when c.pay_no is null then c.charge end,
            case when c.pay_no is null then c.accounting_date end
        order by
            case when c.app_status = '1' then 1 else 0 end, c.app_time desc nulls last,
            c.app_type desc nulls last, c.guid desc nulls last, c.charge desc nulls last,
            c.file, c.message, c.record
    ) as version
from collections as c
left join firm_spells as s
    on s.code = c.ebc_code
    and coalesce(c.app_time, timestamp '9999-01-01') >= s.from_time
    and (s.until_time is null or coalesce(c.app_time, timestamp '9999-01-01') < s.until_time)
where c.order_no is not null and c.ebc_code is not null
