-- gives:  trade_links: each trade's links that its mode and the purpose ask for, with their status
-- source: judging §2 (required or compared if present), §3 (statuses)
-- reads:  trade, requirements, link_presence, weighed, judging

with
    applicable as (
        select
            t.trade_id, r.link, r.need,
            row_number() over (partition by t.trade_id, r.link order by r.from_date desc) as place
        from trade as t
        cross join judging as j
        join requirements as r
            on r.purpose = j.purpose and r.mode = t.mode
            and r.from_date <= cast(coalesce(t.dated_at, cast(j.on_date as timestamp)) as date)
    ),
    refused as (
        select trade_id, link, seen, expected
        from (
            select
                trade_id, link, seen, expected,
                row_number() over (
                    partition by trade_id, link
                    order by code, field nulls first, seen nulls first, expected nulls first
                ) as place
            from weighed
            where weight = 'refuse' and trade_id is not null and link is not null
        ) as ranked
        where place = 1
    )

select
    a.trade_id, a.link, a.need,
    case when f.link is not null then 'mismatch' else coalesce(p.status, 'missing') end as status,
    case when f.link is not null then f.seen else p.left_seen end as left_seen,
    case when f.link is not null then f.expected else p.right_seen end as right_seen,
    p.tolerance
from applicable as a
left join link_presence as p on p.trade_id = a.trade_id and p.link = a.link
left join refused as f on f.trade_id = a.trade_id and f.link = a.link
where a.place = 1
union all
select f.trade_id, f.link, 'o' as need, 'mismatch' as status, f.seen, f.expected, cast(null as varchar)
from refused as f
left join applicable as a on a.trade_id = f.trade_id and a.link = f.link and a.place = 1
where a.link is null
