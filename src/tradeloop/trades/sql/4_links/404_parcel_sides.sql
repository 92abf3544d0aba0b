-- gives:  parcel_sides: for each trade how many of its lists the notes name, and what was collected
-- source: judging.md §2; V7: only a departure that has happened by the day of judging counts
-- reads:  list_departures, list_arrivals, list_manifests, list_summaries, list_results, trade_collections, trade, judging
-- blind to: trades that no such paper names

-- one narrow sum after another instead of many wide joins: a million trades must fit in little memory
with
    parts as (
        select
            trade_id, count(distinct list_id) as departed, max(leave_time) as leave_time, cast(null as bigint) as arrived,
            cast(null as bigint) as manifested, cast(null as bigint) as summarised, cast(null as string) as summary_firm,
            cast(null as bigint) as resulted, cast(null as string) as entry_id,
            cast(null as decimal(28, 5)) as charge, cast(null as bigint) as collections
        from list_departures
        cross join judging as j
        where leave_time < cast(j.on_date as timestamp) + interval '1' day
        group by trade_id
        union all
        select trade_id, null, null, count(distinct list_id), null, null, null, null, null, null, null
        from list_arrivals group by trade_id
        union all
        select trade_id, null, null, null, count(distinct list_id), null, null, null, null, null, null
        from list_manifests group by trade_id
        union all
        select
            h.trade_id, null, null, null, null, count(distinct h.list_id),
            max(case when h.firm <> t.firm and length(h.firm) <> length(t.firm) then h.firm end),
            null, null, null, null
        from list_summaries as h
        join trade as t on t.trade_id = h.trade_id
        group by h.trade_id
        union all
        select trade_id, null, null, null, null, null, null, count(distinct list_id), max(entry_id), null, null
        from list_results group by trade_id
        union all
        select
            trade_id, null, null, null, null, null, null, null, null,
            cast(sum(charge) as decimal(28, 5)), count(*)
        from trade_collections
        where not rejected and charge > 0
        group by trade_id
    )

select
    trade_id, max(departed) as departed, max(leave_time) as leave_time, max(arrived) as arrived,
    max(manifested) as manifested, max(summarised) as summarised, max(summary_firm) as summary_firm,
    max(resulted) as resulted, max(entry_id) as entry_id, max(charge) as charge, max(collections) as collections
from parts
group by trade_id
