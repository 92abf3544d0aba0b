-- gives:  trade_links: each trade's links that its mode and the purpose ask for, with their status
-- as:     view
-- source: judging.md §2 (required or compared if present), §3 (statuses)
-- reads:  trade, requirements, link_presence, links_refused, judging

with
    in_force as (
        select
            r.mode, r.link, r.need, cast(r.from_date as timestamp) as from_time,
            cast(lead(r.from_date) over (partition by r.mode, r.link order by r.from_date) as timestamp) as until_time
        from requirements as r
        join judging as j on j.purpose = r.purpose
    )

select
    p.trade_id, p.link, r.need,
    case when f.link is not null then 'mismatch' else p.status end as status,
    case when f.link is not null then f.seen else p.left_seen end as left_seen,
    case when f.link is not null then f.expected else p.right_seen end as right_seen,
    p.tolerance
from link_presence as p
cross join judging as j
join in_force as r
    on r.mode = p.mode and r.link = p.link
    and r.from_time <= coalesce(p.dated_at, cast(j.on_date as timestamp))
    and (r.until_time is null or coalesce(p.dated_at, cast(j.on_date as timestamp)) < r.until_time)
left join links_refused as f on f.trade_id = p.trade_id and f.link = p.link
union all
-- a check may refuse on a link that the purpose does not ask for
select f.trade_id, f.link, 'o' as need, 'mismatch' as status, f.seen, f.expected, cast(null as string)
from links_refused as f
join trade as t on t.trade_id = f.trade_id
left join in_force as r on r.mode = t.mode and r.link = f.link
where r.link is null
