-- gives:  goods_presence: for each trade of this family and each link whether both sides are here, with what each says
-- as:     view
-- source: judging.md §2, §3: missing and unavailable; a mismatch comes from the checks
-- reads:  goods_sides

select
    trade_id, mode, dated_at, 'trade-record' as link,
    case when trade_no is null then 'missing' else 'match' end as status,
    trade_no as left_seen, cast(null as string) as right_seen, cast(null as string) as tolerance
from goods_sides
union all
select
    trade_id, mode, dated_at, 'packing-list', case when packing_lists = 0 then 'missing' else 'match' end,
    coalesce(trade_no, contract_no, order_no), packing_no, null
from goods_sides
union all
select
    trade_id, mode, dated_at, 'declaration', case when declarations = 0 then 'missing' else 'match' end,
    coalesce(trade_no, contract_no, order_no), entry_id, null
from goods_sides
union all
select
    trade_id, mode, dated_at, 'declaration-limit',
    case
        when declarations = 0 or declared_total is null then 'missing'
        -- no rate is at hand here: an amount in another currency is not compared
        when other_currency = 1 then 'unavailable'
        else 'match'
    end,
    declared_in || ' ' || cast(declared_total as string), 'USD ' || cast(declared_usd_max as string), 'at most'
from goods_sides
union all
select
    trade_id, mode, dated_at, 'order', case when coalesce(order_no, contract_no) is null then 'missing' else 'match' end,
    order_no, contract_no, null
from goods_sides
union all
select
    trade_id, mode, dated_at, 'released', case when all_released = 1 then 'match' else 'missing' end,
    status, cast(released_at as string), null
from goods_sides
union all
select
    trade_id, mode, dated_at, 'departure', case when all_left = 1 then 'match' else 'missing' end,
    cast(left_at as string), cast(released_at as string), 'days of slack: ' || cast(date_slack_days as string)
from goods_sides
union all
select
    trade_id, mode, dated_at, 'goods-value',
    case when amount is null or currency is null or declared is null or declared_currency is null then 'missing' else 'match' end,
    cast(amount as string), cast(declared as string), cast(collection as string)
from goods_sides
union all
select
    trade_id, mode, dated_at, 'weight', case when packed_kg is null or declared_kg is null then 'missing' else 'match' end,
    cast(packed_kg as string), cast(declared_kg as string), cast(weight_bp as string) || ' basis points'
from goods_sides
union all
-- V4: what was paid, or what is owed and when
select
    trade_id, mode, dated_at, 'payment',
    case when payments > payments_whole then 'unavailable' when payments = 0 and not collected and due_on is null then 'missing' else 'match' end,
    cast(paid as string), coalesce('due on ' || cast(due_on as string), cast(amount as string)), cast(collection as string)
from goods_sides
union all
select
    trade_id, mode, dated_at, 'buyer',
    case when buyer_name is null or buyer_country is null or buyer_id_no is null then 'missing' else 'match' end,
    buyer_name, case when buyer_id_no is null then buyer_country else coalesce(buyer_country, '') || ' (identity number given)' end, null
from goods_sides
union all
select
    trade_id, mode, dated_at, 'credit-terms', case when due_on is null then 'missing' else 'match' end,
    rule, cast(due_on as string), 'at most ' || cast(credit_days_max as string) || ' days'
from goods_sides
union all
select
    trade_id, mode, dated_at, 'contract', case when contract_no is null then 'missing' else 'match' end,
    contract_no, contract_kind, null
from goods_sides
union all
select
    trade_id, mode, dated_at, 'invoice', case when invoices = 0 then 'missing' when billed is null then 'unavailable' else 'match' end,
    cast(amount as string), cast(billed as string), cast(invoice_bp as string) || ' basis points'
from goods_sides
union all
select
    trade_id, mode, dated_at, 'goods-receipt', case when receipts = 0 then 'missing' when received is null then 'unavailable' else 'match' end,
    contract_no, receipt_no, 'at most what was ordered'
from goods_sides
union all
select
    trade_id, mode, dated_at, 'purchase-export', case when receipts = 0 then 'missing' else 'match' end,
    null, null, 'exported is at most what was received'
from goods_sides
union all
select
    trade_id, mode, dated_at, 'parties',
    case
        when coalesce(trade_no, contract_no, order_no, entry_id) is null then 'missing'
        -- the agent of a trade record against the consignor, each under a code of its own kind
        when trade_no is not null and (agent_uscc is null or consignor is null) then 'missing'
        when trade_no is not null and length(agent_uscc) <> length(consignor) then 'unavailable'
        else 'match'
    end,
    case when trade_no is not null then agent_uscc end, case when trade_no is not null then consignor end, 'firm table'
from goods_sides
union all
select trade_id, mode, dated_at, 'dates', 'match', null, null, 'days of slack: ' || cast(date_slack_days as string)
from goods_sides
union all
select
    trade_id, mode, dated_at, 'lines', case when lined or (trade_no is null and order_no is not null) then 'match' else 'missing' end,
    null, null, 'exact'
from goods_sides
