-- gives:  gaps: what required links lack, one finding each, by its root only
-- source: judging.md §3: a required link missing, stale or unavailable makes a trade incomplete
-- reads:  links_open, link_gaps, trade_sides, goods_sides, finding_weights, amounts, judging
-- blind to: gaps that follow from another (no list, so no waybill of the list)

with
    roots as (
        select
            trade_id, case when order_number is null then 0 else 1 end as has_order,
            case when lists > 0 then 1 else 0 end as has_list
        from trade_sides
        union all
        select
            trade_id, case when coalesce(trade_no, contract_no, order_no) is null then 0 else 1 end,
            case when declarations > 0 then 1 else 0 end
        from goods_sides
    )

select l.trade_id, g.code, w.weight, g.link,
    l.status || coalesce(' (' || case when l.status = 'unavailable' then l.right_seen else l.left_seen end || ')', '') as seen,
    g.expected
from links_open as l
join link_gaps as g on g.link = l.link and g.status = l.status
join roots as s on s.trade_id = l.trade_id
join finding_weights as w on w.code = g.code
left join links_open as root on root.trade_id = l.trade_id and root.link = g.follows
where g.needs_order <= s.has_order and g.needs_list <= s.has_list and root.link is null
union all
select a.trade_id, 'no-credit-given', w.weight, w.link, '0', 'an amount that is still owed'
from amounts as a
cross join judging as j
join finding_weights as w on w.code = 'no-credit-given'
where j.purpose = 'insurance' and a.amount = 0 and a.declared > 0
