-- gives:  kept_evidence: every file that was kept, with the trade that an index or its own name puts it to
-- source: design.md §4: evidence is never judged and always listed
-- reads:  files, evidence, trade
-- blind to: names that only contain a trade's number further on

with
    kept as (
        select
            path, digest, kind, bytes,
            case when position('/' in path) = 0 then path
                else substr(path, length(path) - position('/' in reverse(path)) + 2) end as name
        from files
        where status = 'kept'
    ),
    indexed as (
        select
            k.path, coalesce(e.trade_no, e.order_no) as number, max(e.kind) as said_kind, max(e.dated_on) as dated_on,
            max(e.parties) as parties
        from (select path, path as called from kept union select path, name from kept) as k
        join evidence as e on e.path = k.called
        group by k.path, coalesce(e.trade_no, e.order_no)
    ),
    -- a name begins with the number: up to an underscore, a space or the point
    beginnings as (
        select path, substr(name, 1, position('_' in name) - 1) as number from kept where position('_' in name) > 1
        union
        select path, substr(name, 1, position(' ' in name) - 1) from kept where position(' ' in name) > 1
        union
        select path, substr(name, 1, position('.' in name) - 1) from kept where position('.' in name) > 1
    ),
    named as (
        select b.path, b.number, cast(null as string) as said_kind, cast(null as date) as dated_on, cast(null as string) as parties
        from beginnings as b
        join (select distinct order_no from trade) as t on t.order_no = b.number
        left join indexed as i on i.path = b.path
        where i.path is null
    ),
    attached as (
        select path, number, said_kind, dated_on, parties, 'index' as attached_by from indexed
        union all
        select path, number, said_kind, dated_on, parties, 'name' from named
    )

select
    t.trade, k.path, coalesce(a.said_kind, k.kind) as kind, a.dated_on, a.parties, k.digest, k.bytes,
    case when t.trade is not null then a.attached_by end as attached_by
from kept as k
left join attached as a on a.path = k.path
left join trade as t on t.order_no = a.number
