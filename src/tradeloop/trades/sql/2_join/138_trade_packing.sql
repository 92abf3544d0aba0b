-- gives:  trade_packing: the packing lists of each trade
-- source: judging.md §5: by the trade or order number; where two firms use that number, by the number that the record names
-- reads:  packing_papers, trade_keys, market_records
-- blind to: a packing list whose number fits several trades, none of which names it

with
    fitting as (
        select
            p.file, p.message, p.record, k.trade_id,
            case when r.packing_list_no = p.no then 1 else 0 end as named,
            count(*) over (partition by p.file, p.message, p.record) as candidates,
            max(case when r.packing_list_no = p.no then 1 else 0 end) over (partition by p.file, p.message, p.record) as any_named
        from packing_papers as p
        join (select distinct trade_id, order_no from trade_keys) as k on k.order_no = p.number
        left join market_records as r on r.trade_id = k.trade_id
        where p.version = 1
    )

select f.trade_id, p.file, p.message, p.record, p.no, p.gross_kg, p.net_kg, p.container_no
from fitting as f
join packing_papers as p on p.file = f.file and p.message = f.message and p.record = f.record
where f.named = 1 or (f.any_named = 0 and f.candidates = 1)
