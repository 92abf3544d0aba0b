-- gives:  trade: every trade with its name, its mode, its day and its currency
-- source: judging.md §1, §2: the mode is the list's; without a list the order's type says it
-- reads:  trade_keys, trade_orders, trade_lists, list_states, trade_modes

with
    names as (
        select trade_id, min(trade_firm) as firm, min(order_no) as order_no, max(unresolved) as unresolved
        from trade_keys
        group by trade_id
    ),
    listed as (
        select
            l.trade_id, min(case when m.code is not null then l.trade_mode end) as mode,
            min(l.trade_mode) as any_mode, min(coalesce(l.app_time, cast(l.ie_date as timestamp))) as app_time
        from trade_lists as l
        join list_states as s on s.list_id = l.list_id and s.stands
        left join trade_modes as m on m.code = l.trade_mode
        group by l.trade_id
    )

select
    n.trade_id, n.firm, n.order_no, n.firm || '/' || n.order_no as trade, n.unresolved,
    case
        when l.mode is not null then l.mode
        when l.any_mode is not null then '9610'
        when o.order_type = 'B' then '9710'
        when o.order_type = 'W' then '9810'
        else '9610'
    end as mode,
    coalesce(l.app_time, o.app_time) as dated_at
from names as n
left join trade_orders as o on o.trade_id = n.trade_id
left join listed as l on l.trade_id = n.trade_id
