-- gives:  amounts: what each trade is worth for the purpose if it is proven, exact to five decimals
-- source: judging.md §3, §5: customs the declared value; finance and insurance less returns and collections; a payable
--         is worth what was agreed, billed and received, whichever is least, less what was paid
-- reads:  trade_sums, list_returns, trade_collections, trade_payments, trade, goods_sums, declaration_returns, judging

with
    returned as (
        select trade_id, cast(sum(cast(qty as decimal(28, 5)) * price) as decimal(38, 5)) as amount
        from (
            select trade_id, qty, list_price as price from list_returns
            union all
            -- what came back of nobody knows which trade is owed by none of them
            select trade_id, qty, declared_price from declaration_returns
        ) as lines
        where price is not null and qty > 0
        group by trade_id
    ),
    collected as (
        select trade_id, currency, cast(sum(charge) as decimal(28, 5)) as amount
        from trade_collections
        where not rejected and charge is not null
        group by trade_id, currency
    ),
    paid as (
        select trade_id, currency, cast(sum(amount) as decimal(28, 5)) as amount
        from trade_payments
        where amount is not null
        group by trade_id, currency
    ),
    declared as (
        select s.trade_id, s.list_currency as currency, cast(s.list_lines_total as decimal(38, 5)) as declared
        from trade_sums as s
        join trade as t on t.trade_id = s.trade_id and t.family = 'parcels'
        -- a sum that lacks a line's amount is worth nothing
        where s.list_currency = s.list_currency_high and s.list_amount_count = s.list_line_count
        union all
        select
            g.trade_id, g.currency,
            case
                when g.billed >= g.amount and g.received >= g.amount then g.amount
                when g.received >= g.billed then g.billed
                else g.received
            end
        from goods_sums as g
        join trade as t on t.trade_id = g.trade_id and t.mode = 'payable'
        where g.billed_currency = g.currency and g.billed is not null and g.received is not null
        union all
        select
            g.trade_id, g.declared_currency,
            -- on a declaration of several trades each is worth what its own record says
            case when g.amount < g.declared or g.records > 1 then g.amount else g.declared end
        from goods_sums as g
        join trade as t on t.trade_id = g.trade_id and t.mode <> 'payable'
        where g.declared is not null and g.declared_currency = coalesce(g.currency, g.declared_currency)
    ),
    worth as (
        select
            d.trade_id, d.currency, d.declared,
            case
                when j.purpose = 'customs' then d.declared
                -- a collection and a bank's statement tell of the same money: the larger sum counts
                when coalesce(p.amount, 0) > coalesce(c.amount, 0) then d.declared - coalesce(r.amount, 0) - p.amount
                else d.declared - coalesce(r.amount, 0) - coalesce(c.amount, 0)
            end as amount
        from declared as d
        cross join judging as j
        left join returned as r on r.trade_id = d.trade_id
        left join collected as c on c.trade_id = d.trade_id and c.currency = d.currency
        left join paid as p on p.trade_id = d.trade_id and p.currency = d.currency
    )

select trade_id, currency, declared, case when amount < 0 then cast(0 as decimal(38, 5)) else cast(amount as decimal(38, 5)) end as amount
from worth
