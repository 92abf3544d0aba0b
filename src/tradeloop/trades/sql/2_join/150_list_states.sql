-- gives:  list_states: each list with what customs and its own later papers made of it
-- source: judging.md §2: the latest 604 by returnTime; a 605 counts only with its 606 = 399
-- reads:  trade_lists, list_answers, list_since, tolerances, cancellation_papers, answer_papers
-- blind to: answers whose status our table lacks; they decide nothing

with
    known as (
        select a.list_id, a.status, a.return_time, a.invt_no
        from list_answers as a
        join trade_lists as l on l.list_id = a.list_id
        left join list_since as v on v.agent is not distinct from l.agent and v.list_key = l.list_key
        cross join tolerances as t
        where a.decides and (
            -- only a list that came in several contents can be answered too early
            v.since_time is null or a.return_time >= v.since_time - t.date_slack_days * interval '1' day
        )
    ),
    last as (
        select
            list_id, max(return_time) as last_time, max(invt_no) as invt_no,
            min(case when status in (800, 899) then return_time end) as released_at
        from known
        group by list_id
    ),
    at_last as (
        select
            l.list_id, l.last_time, l.invt_no, l.released_at, max(k.status) as any_status,
            max(case when k.status = 100 or k.status < 0 or (k.status >= 500 and k.status <= 700) then k.status end)
                as adverse_status,
            max(case when k.status in (800, 899) then k.status end) as release_status
        from last as l
        join known as k on k.list_id = l.list_id and k.return_time = l.last_time
        group by l.list_id, l.last_time, l.invt_no, l.released_at
    ),
    -- of two answers in one instant the adverse one counts
    latest as (
        select
            list_id, last_time, invt_no, released_at,
            coalesce(adverse_status, release_status, any_status) as status
        from at_last
    ),
    cancel_answers as (
        select agent, cop_no, invt_no, max(return_time) as last_time from answer_papers
        where kind = 'CEB606' group by agent, cop_no, invt_no
    ),
    cancel_granted as (
        select distinct a.agent, a.cop_no, a.invt_no, a.status
        from answer_papers as a
        join cancel_answers as c
            on c.agent is not distinct from a.agent and c.cop_no is not distinct from a.cop_no
            and c.invt_no is not distinct from a.invt_no and c.last_time = a.return_time
        where a.kind = 'CEB606' and a.status = 399
    ),
    requests as (
        select
            p.file, p.message, p.record, p.agent, p.cop_no, p.invt_no,
            max(case when g.status is not null then 1 else 0 end) = 1 as granted
        from cancellation_papers as p
        left join cancel_granted as g
            on (g.agent = p.agent and (g.cop_no = p.cop_no or g.invt_no = p.invt_no))
            or (g.agent is null and g.invt_no = p.invt_no)
        where p.version = 1 and coalesce(p.app_type, '1') <> '3' and coalesce(p.app_status, '2') <> '1'
        group by p.file, p.message, p.record, p.agent, p.cop_no, p.invt_no
    ),
    numbered as (
        select distinct coalesce(l.invt_no, t.invt_no) as invt_no
        from trade_lists as l
        left join latest as t on t.list_id = l.list_id
        where coalesce(l.invt_no, t.invt_no) is not null
    ),
    cancelled as (
        select l.list_id, r.granted, r.file, r.message, r.record
        from trade_lists as l
        left join latest as t on t.list_id = l.list_id
        join requests as r on r.invt_no = coalesce(l.invt_no, t.invt_no)
        union
        -- by copNo only where no list bears the number that the request names
        select l.list_id, r.granted, r.file, r.message, r.record
        from trade_lists as l
        join requests as r on r.agent = l.agent and r.cop_no = l.cop_no
        left join numbered as n on n.invt_no = r.invt_no
        where n.invt_no is null
    ),
    cancelled_once as (
        select list_id, max(case when granted then 1 else 0 end) as granted, count(*) as requests
        from cancelled
        group by list_id
    ),
    flagged as (
        select
            l.trade_id, l.list_id, coalesce(l.invt_no, t.invt_no) as invt_no,
            t.status, t.last_time, t.released_at,
            coalesce(t.status in (800, 899), false) as released,
            coalesce(c.granted, 0) = 1 as cancelled,
            coalesce(c.requests, 0) > 0 as cancel_requested,
            coalesce(l.app_type, '1') = '3' as deleted,
            coalesce(l.app_status, '2') = '1' and t.released_at is null as draft,
            t.released_at is null and coalesce(t.status = 100 or t.status < 0, false) as rejected
        from trade_lists as l
        left join latest as t on t.list_id = l.list_id
        left join cancelled_once as c on c.list_id = l.list_id
    ),
    with_others as (
        select
            flagged.*,
            sum(case when not deleted and not draft and not cancelled and not rejected then 1 else 0 end)
                over (partition by trade_id) as good_lists
        from flagged
    )

-- a rejected list gives way to the list of the same order that took its place
select
    trade_id, list_id, invt_no, status, last_time, released_at, released, cancelled, cancel_requested, deleted,
    draft, rejected,
    not deleted and not draft and not cancelled and not (rejected and good_lists > 0) as stands
from with_others
