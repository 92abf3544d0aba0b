-- gives:  list_since: since when each list that came in several versions says what it says now
-- source: R6: an answer to an earlier content does not speak for a later one
-- reads:  list_papers, list_versions
-- blind to: lists with one version, which say it since their own time

with
    changed as (
        -- version v differs from v - 1: what counts now begins with v - 1
        select agent, list_key, min(version) - 1 as first_version
        from list_versions
        where not same and next_type is distinct from '3'
        group by agent, list_key
    ),
    oldest as (
        select agent, list_key, max(version) as first_version from list_versions group by agent, list_key
    )

select o.agent, o.list_key, min(p.app_time) as since_time
from oldest as o
left join changed as c on c.agent is not distinct from o.agent and c.list_key = o.list_key
join list_papers as p
    on p.agent is not distinct from o.agent and p.list_key = o.list_key
    and p.version <= coalesce(c.first_version, o.first_version)
group by o.agent, o.list_key
