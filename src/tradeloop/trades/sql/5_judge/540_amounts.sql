-- gives:  amounts: what each trade is worth for the purpose if it is proven, exact to five decimals
-- source: judging.md §5: customs the declared value; finance and insurance less returns and collections
-- reads:  trade_sums, list_returns, trade_collections, judging

with
    returned as (
        select trade_id, cast(sum(cast(qty as decimal(28, 5)) * list_price) as decimal(38, 5)) as amount
        from list_returns
        where list_price is not null and qty > 0
        group by trade_id
    ),
    collected as (
        select trade_id, currency, cast(sum(charge) as decimal(28, 5)) as amount
        from trade_collections
        where not rejected and charge is not null
        group by trade_id, currency
    ),
    worth as (
        select
            s.trade_id, s.list_currency as currency, s.list_lines_total as declared,
            case
                when j.purpose = 'customs' then s.list_lines_total
                else s.list_lines_total - coalesce(r.amount, 0) - coalesce(c.amount, 0)
            end as amount
        from trade_sums as s
        cross join judging as j
        left join returned as r on r.trade_id = s.trade_id
        left join collected as c on c.trade_id = s.trade_id and c.currency = s.list_currency
        -- a sum that lacks a line's amount is worth nothing
        where s.list_currency = s.list_currency_high and s.list_amount_count = s.list_line_count
    )

select trade_id, currency, declared, case when amount < 0 then cast(0 as decimal(38, 5)) else cast(amount as decimal(38, 5)) end as amount
from worth
