-- finding: collection-exceeds, collection-part, collection-currency-differs, collection-rejected
-- asks:    Which collections are more or less than their order, in another currency, or rejected?
-- source:  R3; V4; judging.md §4: 1.00 of the currency or 0 basis points, the larger; part payments are allowed
-- reads:   trade_sums, trade_collections, tolerances
-- blind to: trades without an order

with
    collected as (
        select
            trade_id, currency, cast(sum(charge) as decimal(28, 5)) as charge,
            min(file) as file, min(app_time) as app_time
        from trade_collections
        where not rejected and charge is not null
        group by trade_id, currency
    ),
    first_paper as (
        select
            trade_id, file, message, record,
            row_number() over (
                partition by trade_id order by app_time nulls last, pay_no nulls last, file, message, record
            ) as place
        from trade_collections
        where not rejected
    ),
    compared as (
        select
            c.trade_id, c.charge, cast(s.goods_value + s.freight as decimal(28, 5)) as owed,
            p.file, p.message, p.record,
            case
                when cast(s.goods_value + s.freight as decimal(28, 5)) * t.collection_bp > t.collection * 10000
                    then cast(s.goods_value + s.freight as decimal(28, 5)) * t.collection_bp
                else t.collection * 10000
            end as slack
        from collected as c
        join trade_sums as s on s.trade_id = c.trade_id
        join first_paper as p on p.trade_id = c.trade_id and p.place = 1
        cross join tolerances as t
        where s.goods_value is not null and c.currency = s.order_currency
    )

select
    trade_id, 'collection-exceeds' as code, file, message, record, 0 as line,
    'charge' as field, cast(charge as string) as seen, 'at most ' || cast(owed as string) as expected
from compared
where (charge - owed) * 10000 > slack
union all
select
    trade_id, 'collection-part' as code, file, message, record, 0 as line,
    'charge' as field, cast(charge as string) as seen, cast(owed as string) as expected
from compared
where (owed - charge) * 10000 > slack
union all
select
    c.trade_id, 'collection-currency-differs' as code, c.file, c.message, c.record, 0 as line,
    'currency' as field, c.currency as seen, s.order_currency as expected
from trade_collections as c
join trade_sums as s on s.trade_id = c.trade_id
where not c.rejected and c.currency <> s.order_currency
union all
select
    trade_id, 'collection-rejected' as code, file, message, record, 0 as line,
    'returnStatus' as field, cast(status as string) as seen, '120 or 399' as expected
from trade_collections
where rejected
