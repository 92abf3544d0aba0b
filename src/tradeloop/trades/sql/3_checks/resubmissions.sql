-- finding: paper-repeated, paper-amended, key-reused
-- asks:    Which papers came more than once under one number, and did the later one say why?
-- source:  R6: a key may be used again after a rejection (100), or as a change (appType 2) or a deletion (3)
-- reads:   order_versions, list_versions, flat_versions, trade_keys, trade_lists, cancellation_papers, manifest_papers,
--          arrival_papers, departure_papers, summary_papers, result_papers, return_papers
-- blind to: what papers other than orders, lists, waybills and collections say: their latest version counts

with
    carried as (
        select distinct trade_id, carrier, logistics_no from trade_lists
    ),
    versions as (
        select
            k.trade_id, v.file, v.message, v.record, 'orderNo' as field, v.order_no as number,
            v.app_type, v.app_status, v.next_type, v.next_status, v.same, v.rejected
        from order_versions as v
        join trade_keys as k on k.firm = v.firm and k.order_no = v.order_no
        union all
        select
            k.trade_id, v.file, v.message, v.record, 'copNo', v.cop_no,
            v.app_type, v.app_status, v.next_type, v.next_status, v.same, v.rejected
        from list_versions as v
        join trade_keys as k on k.firm = v.firm and k.order_no = v.order_no
        union all
        select w.trade_id, v.file, v.message, v.record, v.field, v.shown,
            v.app_type, v.app_status, v.next_type, v.next_status, v.same, v.rejected
        from flat_versions as v
        left join carried as w on w.carrier = v.holder and w.logistics_no = v.number
        where v.kind = 'CEB505'
        union all
        select k.trade_id, v.file, v.message, v.record, v.field, v.shown,
            v.app_type, v.app_status, v.next_type, v.next_status, v.same, v.rejected
        from flat_versions as v
        left join trade_keys as k on k.firm = v.holder and k.order_no = v.number
        where v.kind = 'CEB403'
    ),
    others as (
        select file, message, record, cop_no as number, guid, app_time, version from cancellation_papers
        union all
        select file, message, record, cop_no as number, guid, app_time, version from manifest_papers
        union all
        select file, message, record, cop_no as number, guid, app_time, version from arrival_papers
        union all
        select file, message, record, cop_no as number, guid, app_time, version from departure_papers
        union all
        select file, message, record, cop_no as number, guid, app_time, version from summary_papers
        union all
        select file, message, record, sum_no as number, guid, app_time, version from result_papers
        union all
        select file, message, record, co_el_no as number, guid, app_time, version from return_papers
    )

select
    trade_id,
    case
        when next_type = '3' or app_type = '3' then 'paper-amended'
        when same and (next_type is distinct from '2' or app_status = next_status) then 'paper-repeated'
        when next_type = '2' then 'paper-amended'
        when app_status = '1' then 'paper-amended'
        when rejected then 'paper-amended'
        when same then 'paper-repeated'
        else 'key-reused'
    end as code,
    file, message, record, 0 as line, field, number as seen,
    case when same then 'one paper' else 'one content for each number' end as expected
from versions
union all
select
    cast(null as bigint), 'paper-repeated', file, message, record, 0, 'copNo', number, 'one paper'
from others
where version > 1
