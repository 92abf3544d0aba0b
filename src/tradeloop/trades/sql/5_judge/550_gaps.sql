-- gives:  gaps: what required links lack, one finding each, by its root only
-- source: judging.md §3: a required link missing, stale or unavailable makes a trade incomplete
-- reads:  links_open, link_gaps, trade_sides, finding_weights, amounts, judging
-- blind to: gaps that follow from another (no list, so no waybill of the list)

select l.trade_id, g.code, w.weight, g.link,
    l.status || coalesce(' (' || case when l.status = 'unavailable' then l.right_seen else l.left_seen end || ')', '') as seen,
    g.expected
from links_open as l
join link_gaps as g on g.link = l.link and g.status = l.status
join trade_sides as s on s.trade_id = l.trade_id
join finding_weights as w on w.code = g.code
where (g.needs_order = 0 or s.order_number is not null) and (g.needs_list = 0 or s.lists > 0)
union all
select a.trade_id, 'no-credit-given', w.weight, w.link, '0', 'an amount that is still owed'
from amounts as a
cross join judging as j
join finding_weights as w on w.code = 'no-credit-given'
where j.purpose = 'insurance' and a.amount = 0 and a.declared > 0
