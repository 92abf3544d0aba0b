-- gives:  trade: every trade with its name, its mode, its day, and the family of papers that it is judged by
-- source: judging.md §1, §2: the mode is the list's or the declaration's; a trade record is 1039, a purchase contract
--         alone is a payable; without any of these the contract or the order's type says it
-- reads:  trade_keys, trade_orders, trade_lists, list_states, trade_modes, market_records, trade_contracts,
--         trade_declarations, requirements

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
    ),
    declared as (
        select
            d.trade_id,
            -- the mode of what stands, for a wrong mode is why many are declared anew
            coalesce(
                min(case when m.code is not null and d.stands then d.mode end), min(case when m.code is not null then d.mode end)
            ) as mode,
            cast(min(d.declared_on) as timestamp) as declared_at
        from trade_declarations as d
        left join trade_modes as m on m.code = d.mode
        group by d.trade_id
    ),
    listing as (
        -- a mode that asks for lists is judged by them, whatever else is here
        select distinct mode from requirements where link = 'list'
    ),
    -- some write a person's identity number where a firm's credit code belongs, which begins with another figure
    people as (
        select distinct merchant_uscc as code
        from market_records
        where length(merchant_uscc) in (15, 18) and substr(merchant_uscc, 1, 1) between '1' and '8'
            and translate(substr(merchant_uscc, 1, 17), '0123456789', '') = ''
    ),
    moded as (
        select
            n.trade_id, n.firm, n.order_no,
            -- a merchant without a credit code is known by an identity number, which nobody else need see
            case
                when r.trade_id is null or (r.merchant_uscc is not null and p.code is null) then n.firm
                when length(n.firm) = 18 then substr(n.firm, 1, 6) || '********' || substr(n.firm, 15)
                else substr(n.firm, 1, 2) || '********' || substr(n.firm, length(n.firm) - 1)
            end || '/' || n.order_no as trade,
            n.unresolved,
            case
                when r.trade_id is not null then '1039'
                when l.mode is not null then l.mode
                when d.mode is not null then d.mode
                when l.any_mode is not null then '9610'
                when c.kind = 'purchase' then 'payable'
                when c.mode is not null then c.mode
                when o.order_type = 'W' then '9810'
                when o.order_type = 'B' or c.kind = 'sale' then '9710'
                else '9610'
            end as mode,
            r.trade_id is not null or d.trade_id is not null or (c.trade_id is not null and l.trade_id is null) as in_tables,
            coalesce(l.app_time, d.declared_at, r.confirmed_at, cast(c.signed_on as timestamp), o.app_time) as dated_at
        from names as n
        left join trade_orders as o on o.trade_id = n.trade_id
        left join listed as l on l.trade_id = n.trade_id
        left join declared as d on d.trade_id = n.trade_id
        left join market_records as r on r.trade_id = n.trade_id
        left join people as p on p.code = r.merchant_uscc
        left join trade_contracts as c on c.trade_id = n.trade_id
    )

select
    m.trade_id, m.firm, m.order_no, m.trade, m.unresolved, m.mode,
    case when m.in_tables and b.mode is null then 'goods' else 'parcels' end as family, m.dated_at
from moded as m
left join listing as b on b.mode = m.mode
