-- finding: declaration-exceeds-order, partly-exported, currency-differs
-- asks:    Do the declarations of a sale declare what its contract or its order says?
-- source:  judging.md §2: the sum of what is declared is at most the order; bases are normalised before they are compared
-- reads:   goods_sums, trade, trade_declarations, tolerances
-- blind to: sales without a contract or an order; bases that freight or insurance leave unknown

with
    first_paper as (
        select
            trade_id, file, message, record, written_currency, currency, entry_id,
            row_number() over (partition by trade_id order by entry_id) as place
        from trade_declarations
        where stands
    ),
    compared as (
        select
            s.trade_id, p.file, p.message, p.record, s.amount, s.declared, s.currency, p.written_currency,
            s.declared_currency, f.collection
        from goods_sums as s
        join trade as t on t.trade_id = s.trade_id and t.mode not in ('1039', 'payable')
        join first_paper as p on p.trade_id = s.trade_id and p.place = 1
        cross join tolerances as f
    )

select
    trade_id, 'declaration-exceeds-order' as code, file, message, record, 0 as line, 'total' as field,
    cast(declared as string) as seen, 'at most ' || cast(amount as string) as expected
from compared
where currency = declared_currency and declared - amount > collection
union all
select
    trade_id, 'partly-exported' as code, file, message, record, 0 as line, 'total' as field,
    cast(declared as string) as seen, cast(amount as string) as expected
from compared
where currency = declared_currency and amount - declared > collection
union all
select
    c.trade_id, 'currency-differs' as code, d.file, d.message, d.record, 0 as line, 'currency' as field,
    d.written_currency as seen, c.currency as expected
from compared as c
join trade_declarations as d on d.trade_id = c.trade_id and d.stands
where d.currency <> c.currency
