-- gives:  told_trades: which trade each place belongs to that a reader told something of
-- source: judging.md §3: a breach counts against the trade whose paper it stands in
-- reads:  told, trade_orders, trade_lists, list_waybills, trade_collections, list_answers,
--         list_departures, list_arrivals, list_manifests, list_summaries, list_results, list_returns
-- blind to: papers that were replaced; what was wrong with them no longer matters

with
    places as (select distinct file, message, record from told where record > 0),
    papers as (
        select trade_id, file, message, record from trade_orders
        union
        select trade_id, file, message, record from trade_lists
        union
        select trade_id, file, message, record from list_waybills
        union
        select trade_id, file, message, record from trade_collections
        union
        select l.trade_id, a.file, a.message, a.record
        from list_answers as a
        join trade_lists as l on l.list_id = a.list_id
        union
        select trade_id, file, message, record from list_departures
        union
        select trade_id, file, message, record from list_arrivals
        union
        select trade_id, file, message, record from list_manifests
        union
        select trade_id, file, message, record from list_summaries
        union
        select trade_id, file, message, record from list_results
        union
        select trade_id, file, message, record from list_returns
    )

select p.trade_id, p.file, p.message, p.record
from papers as p
join places as t on t.file = p.file and t.message = p.message and t.record = p.record
