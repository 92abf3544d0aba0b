-- gives:  told_trades: which trade each place belongs to that a reader told something of
-- source: judging.md §3: a breach counts against the trade whose paper it stands in
-- reads:  told, trade_orders, trade_lists, list_states, list_waybills, trade_collections, list_answers,
--         list_departures, list_arrivals, list_manifests, list_summaries, list_results, list_returns,
--         trade_papers
-- blind to: papers that were replaced; what was wrong with them no longer matters

with
    places as (select distinct file, message, record, line from told where record > 0),
    papers as (
        select trade_id, file, message, record, cast(null as int) as line from trade_orders
        union
        select l.trade_id, l.file, l.message, l.record, cast(null as int)
        from trade_lists as l
        join list_states as s on s.list_id = l.list_id and s.stands
        union
        select trade_id, file, message, record, cast(null as int) from list_waybills
        union
        select trade_id, file, message, record, cast(null as int) from trade_collections
        union
        select l.trade_id, a.file, a.message, a.record, cast(null as int)
        from list_answers as a
        join trade_lists as l on l.list_id = a.list_id
        union
        select trade_id, file, message, record, line from list_departures
        union
        select trade_id, file, message, record, line from list_arrivals
        union
        select trade_id, file, message, record, line from list_manifests
        union
        select trade_id, file, message, record, line from list_summaries
        union
        select trade_id, file, message, record, line from list_results
        union
        select trade_id, file, message, record, line from list_returns
        union
        select trade_id, file, message, record, cast(null as int) from trade_papers where stands
    )

-- a paper that names many parcels concerns each by its head and by its own line only
select distinct p.trade_id, t.file, t.message, t.record, t.line
from papers as p
join places as t on t.file = p.file and t.message = p.message and t.record = p.record
where p.line is null or t.line = 0 or t.line = p.line
