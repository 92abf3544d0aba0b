-- gives:  trade_lists: the lists that count for each trade, numbered
-- source: judging.md §1, §2: several lists for one order are allowed
-- reads:  list_papers, trade_keys

with
    -- numbered by place, so that every run numbers alike; only the places are sorted
    numbers as (
        select file, message, record, row_number() over (order by file, message, record) as list_id
        from list_papers
        where version = 1
    )

select
    k.trade_id, n.list_id,
    l.file, l.message, l.record, l.order_no, l.ebp_code, l.ebc_code, l.firm, l.agent, l.cop_no, l.invt_no,
    l.logistics_code, l.logistics_no, l.carrier, l.ie_flag, l.ie_date, l.statistics_flag, l.trade_mode,
    l.bill_no, l.customs_code, l.country, l.freight, l.f_currency, l.i_currency,
    l.list_key, l.pack_no, l.gross_weight, l.net_weight, l.app_time, l.app_type, l.app_status
from list_papers as l
join numbers as n on n.file = l.file and n.message = l.message and n.record = l.record
join trade_keys as k on k.firm = l.firm and k.order_no = l.order_no
where l.version = 1
