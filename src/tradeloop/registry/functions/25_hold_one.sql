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
    v_hold registry_hold;
    v_named boolean;
    v_capacity bigint;
    v_unit text;
    v_frozen boolean;
    v_open boolean;
    v_left bigint;
    v_live integer;
begin
    perform registry_check_call(p_now);
    loop
    begin
        select p.capacity_id into v_locked from registry_paper as p where p.key = p_paper;
        select true, b.amount_minor - b.held_minor - b.committed_minor - b.spent_minor, b.live_holds
        into v_open, v_left, v_live
        from registry_book as b
        where b.capacity_id = v_locked and b.purpose = p_purpose
        for update;
        v_open := found;

        select h.* into v_hold from registry_hold as h where h.id = p_id;
        if found then
            if (p_paper, p_purpose, p_holder, p_unit, p_asked, p_least, p_expires, p_rate)
                is distinct from (
                    v_hold.paper, v_hold.purpose, v_hold.holder, v_hold.unit, v_hold.asked_minor,
                    v_hold.least_minor, v_hold.expires_at, v_hold.rate
                )
            then
                v_hold.refusal := 'id-reused';
                v_hold.granted_minor := 0;
                v_hold.free_minor := 0;
                v_hold.others := 0;
                v_hold.twins := 0;
                v_hold.entry_id := null;
            end if;
            return query
                select v_hold.refusal, v_hold.granted_minor, v_hold.free_minor, v_hold.others,
                    v_hold.twins, true, v_hold.entry_id, (
                        select e.commitment from journal_entry as e where e.id = v_hold.entry_id
                    );
            return;
        end if;

        select p.capacity_id, c.unit, c.frozen_because is not null, c.twins
        into v_capacity, v_unit, v_frozen, v_hold.twins
        from registry_paper as p left join registry_capacity as c on c.id = p.capacity_id
        where p.key = p_paper;
        v_named := found;
        if v_capacity is distinct from v_locked then
            raise exception 'the paper was folded meanwhile' using errcode = 'TL001';
        end if;

        v_hold.refusal := registry_hold_refusal(
            p_now, p_asked, p_least, p_expires, p_unit, v_named, v_capacity, v_open, v_unit,
            v_frozen);
        v_hold.granted_minor := 0;
        v_hold.others := 0;
        v_hold.twins := case when v_open then v_hold.twins else 0 end;
        if v_open then
            select v_live - count(*) into v_hold.others
            from registry_hold as mine
            where mine.capacity_id = v_capacity and mine.purpose = p_purpose
                and mine.held_by = p_holder and mine.state in ('held', 'committed');
        end if;
        if v_hold.refusal is null and v_left < p_least then
            continue when exists (
                select from registry_hold as due where due.state = 'held' and due.expires_at <= p_now
            ) and registry_expire_in(p_now, array[v_capacity], array[p_purpose]) > 0;
            v_hold.refusal := 'not-enough';
        end if;
        if v_hold.refusal is null then
            v_hold.granted_minor := least(v_left, p_asked);
            v_left := v_left - v_hold.granted_minor;
            update registry_book as b
            set held_minor = b.held_minor + v_hold.granted_minor, live_holds = b.live_holds + 1
            where b.capacity_id = v_capacity and b.purpose = p_purpose;
        end if;
        v_hold.free_minor := greatest(coalesce(v_left, 0), 0);

        return query
            with told as (
                select j.entry_id, j.commitment
                from journal_append('registry.hold', p_now, (
                    select '{"at":"' || canonical_time(p_now) || '","lines":['
                        || row_to_json(line)::text || ']}'
                    from (
                        select
                            v_capacity::text as capacity, canonical_time(p_expires) as expires,
                            v_hold.granted_minor::text as held, p_holder as holder, p_id as id,
                            p_paper as paper, p_purpose as purpose, v_hold.refusal as refusal,
                            p_unit as unit
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
                    p_rate, p_now, v_hold.refusal, v_hold.granted_minor, v_hold.free_minor,
                    v_hold.others, v_hold.twins, told.entry_id, 1,
                    case when v_hold.refusal is null then 'held' else 'refused' end,
                    v_capacity, p_holder
                from told
                on conflict (id) do nothing
                returning entry_id
            )
            select v_hold.refusal, v_hold.granted_minor, v_hold.free_minor, v_hold.others,
                v_hold.twins, false, told.entry_id, told.commitment
            from told join kept using (entry_id);
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
