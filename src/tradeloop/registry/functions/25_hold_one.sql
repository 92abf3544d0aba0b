-- One line, answered as registry_hold answers it, at a third of the cost: no sets, no arrays.
-- What a line is refused for stands in registry_hold_refusal for both.

create or replace function registry_hold_one(
    p_now timestamptz, p_id uuid, p_paper text, p_purpose text, p_holder text, p_unit text,
    p_asked bigint, p_least bigint, p_expires timestamptz, p_rate text
) returns table (
    refusal text, granted_minor bigint, free_minor bigint, others integer, twins integer,
    repeated boolean, entry_id bigint, commitment bytea
)
language plpgsql
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
#variable_conflict use_column
declare
    v_locked bigint;
    v_left bigint;
    v_live integer;
    v_line record;
begin
    perform registry_check_call(p_now);
    loop
    begin
        -- Each statement has its price in every call, so there are four: lock, read, take, keep.
        select b.capacity_id, b.amount_minor - b.held_minor - b.committed_minor - b.spent_minor,
            b.live_holds
        into v_locked, v_left, v_live
        from registry_paper as p
        join registry_book as b on b.capacity_id = p.capacity_id and b.purpose = p_purpose
        where p.key = p_paper
        for update of b;

        select
            h.id is not null as known,
            (p_paper, p_purpose, p_holder, p_unit, p_asked, p_least, p_expires, p_rate)
                is distinct from (
                    h.paper, h.purpose, h.holder, h.unit, h.asked_minor, h.least_minor,
                    h.expires_at, h.rate
                ) as differs,
            h.refusal as said, h.granted_minor as said_granted, h.free_minor as said_free,
            h.others as said_others, h.twins as said_twins, h.entry_id as said_entry,
            p.capacity_id, registry_hold_refusal(
                p_now, p_asked, p_least, p_expires, p_unit, p.key is not null, p.capacity_id,
                v_locked is not null, c.unit, c.frozen_because is not null
            ) as refusal,
            case when v_locked is null then 0 else c.twins end as twins,
            case when v_locked is null then 0 else v_live - (
                select count(*)::integer from registry_hold as mine
                where mine.capacity_id = v_locked and mine.purpose = p_purpose
                    and mine.held_by = p_holder and mine.state in ('held', 'committed')
            ) end as others,
            0::bigint as granted
        into v_line
        from (select 1) as one_row
        left join registry_paper as p on p.key = p_paper
        left join registry_capacity as c on c.id = p.capacity_id
        left join registry_hold as h on h.id = p_id;

        if v_line.known then
            return query
                select case when d then 'id-reused' else v_line.said end,
                    case when d then 0 else v_line.said_granted end,
                    case when d then 0 else v_line.said_free end,
                    case when d then 0 else v_line.said_others end,
                    case when d then 0 else v_line.said_twins end,
                    true, e.id, e.commitment
                from (select v_line.differs) as asked (d)
                left join journal_entry as e on not d and e.id = v_line.said_entry;
            return;
        end if;
        if v_locked <> v_line.capacity_id or v_locked is not null and v_line.capacity_id is null
        then
            raise exception 'the paper was folded meanwhile' using errcode = 'TL001';
        end if;

        if v_line.refusal is null and v_left < p_least then
            continue when exists (
                select from registry_hold as due where due.state = 'held' and due.expires_at <= p_now
            ) and registry_expire_in(p_now, array[v_locked], array[p_purpose]) > 0;
            v_line.refusal := 'not-enough';
        end if;
        if v_line.refusal is null then
            update registry_book as b
            set held_minor = b.held_minor + least(v_left, p_asked), live_holds = b.live_holds + 1
            where b.capacity_id = v_locked and b.purpose = p_purpose
            returning least(v_left, p_asked) into v_line.granted;
        end if;

        return query
            with told as (
                select j.entry_id, j.commitment
                from journal_append('registry.hold', p_now, (
                    select '{"at":"' || canonical_time(p_now) || '","lines":['
                        || row_to_json(line)::text || ']}'
                    from (
                        select
                            v_line.capacity_id::text as capacity,
                            canonical_time(p_expires) as expires, v_line.granted::text as held,
                            p_holder as holder, p_id as id, p_paper as paper, p_purpose as purpose,
                            v_line.refusal as refusal, p_unit as unit
                    ) as line
                )) as j
            ),
            kept as (
                insert into registry_hold (
                    id, paper, purpose, holder, unit, asked_minor, least_minor, expires_at, rate,
                    asked_at, refusal, granted_minor, free_minor, others, twins, entry_id, line,
                    state, capacity_id, held_by
                )
                select
                    p_id, p_paper, p_purpose, p_holder, p_unit, p_asked, p_least, p_expires,
                    p_rate, p_now, v_line.refusal, v_line.granted,
                    greatest(coalesce(v_left, 0) - v_line.granted, 0), v_line.others,
                    v_line.twins, told.entry_id, 1,
                    case when v_line.refusal is null then 'held' else 'refused' end,
                    v_line.capacity_id, p_holder
                from told
                on conflict (id) do nothing
                returning refusal, granted_minor, free_minor, others, twins
            )
            select kept.refusal, kept.granted_minor, kept.free_minor, kept.others, kept.twins,
                false, told.entry_id, told.commitment
            from told cross join kept;
        if not found then  -- another call with this id was quicker
            raise exception 'the id was taken meanwhile' using errcode = 'TL001';
        end if;
        return;
    exception
        when sqlstate 'TL001' then
            null;  -- this try is undone, its locks with it; the next sees what the others did
    end;
    end loop;
end $$;
