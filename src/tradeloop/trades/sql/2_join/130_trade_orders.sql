-- gives:  trade_orders: the order that counts for each trade; stands says whether it was declared and not deleted
-- source: judging.md §1
-- reads:  order_papers, trade_keys

select
    k.trade_id, o.file, o.message, o.record, o.order_no, o.ebp_code, o.ebc_code, o.firm,
    o.goods_value, o.freight, o.currency, o.order_type, o.app_time, o.first_time, o.app_type, o.app_status,
    coalesce(o.app_type, '1') <> '3' and coalesce(o.app_status, '2') <> '1' as stands
from order_papers as o
join trade_keys as k on k.firm = o.firm and k.order_no = o.order_no
where o.version = 1
