-- gives:  gaps: what required links lack, one finding each, by its root only
-- source: judging.md §3: a required link missing, stale or unavailable makes a trade incomplete
-- reads:  trade_links, link_gaps, finding_weights, amounts, judging
-- blind to: gaps that follow from another (no list, so no waybill of the list)

with
    statuses_of as (
        select
            trade_id,
            max(case when link = 'order' and status <> 'missing' then 1 else 0 end) as has_order,
            max(case when link = 'list' and status <> 'missing' then 1 else 0 end) as has_list
        from trade_links
        group by trade_id
    )

select l.trade_id, g.code, w.weight, g.link,
    l.status || coalesce(' (' || case when l.status = 'unavailable' then l.right_seen else l.left_seen end || ')', '') as seen,
    g.expected
from trade_links as l
join link_gaps as g on g.link = l.link and g.status = l.status
join statuses_of as s on s.trade_id = l.trade_id
join finding_weights as w on w.code = g.code
where l.need = 'R' and s.has_order >= g.needs_order and s.has_list >= g.needs_list
union all
select a.trade_id, 'no-credit-given', w.weight, w.link, '0', 'an amount that is still owed'
from amounts as a
cross join judging as j
join finding_weights as w on w.code = 'no-credit-given'
where j.purpose = 'insurance' and a.amount = 0 and a.declared > 0
