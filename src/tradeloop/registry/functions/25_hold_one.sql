-- What a line was answered when its id was used first; of another's request nobody learns more than that
-- the id is taken.
create or replace function registry_hold_said(
    p_id uuid, p_paper text, p_purpose text, p_holder text, p_unit text, p_asked bigint,
    p_least bigint, p_expires timestamptz, p_rate text
) returns table (
    refusal text, granted_minor bigint, free_minor bigint, others integer, twins integer,
    repeated boolean, entry_id bigint, commitment bytea
)
language sql stable as $$
    select
        case when differs then 'id-reused' else h.refusal end,
        case when differs then 0 else h.granted_minor end,
        case when differs then 0 else h.free_minor end,
        case when differs then 0 else h.others end,
        case when differs then 0 else h.twins end,
        true, e.id, e.commitment
    from registry_hold as h
    cross join lateral (
        select (p_paper, p_purpose, p_holder, p_unit, p_asked, p_least, p_expires, p_rate)
            is distinct from (
                h.paper, h.purpose, h.holder, h.unit, h.asked_minor, h.least_minor, h.expires_at,
                h.rate
            ) as differs
    ) as compared
    left join journal_entry as e on not differs and e.id = h.entry_id
    where h.id = p_id
$$;

-- One line, answered as registry_hold answers it, at a third of the cost: no sets, no arrays.
-- What a line is refused for stands in registry_hold_refusal for both.
--
-- Every statement, and every figure in it, is set up anew in each call and costs more than what it does:
-- so there are as few as there can be. An id that was used before is found out by its hold, which cannot
-- be kept twice; that try is undone, and the earlier answer is given.

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
    v_own integer;
    v_capacity bigint;
    v_unit text;
    v_frozen boolean;
    v_refusal text;
    v_granted bigint;
    v_free bigint;
    v_others integer;
    v_twins integer;
    v_told record;
begin
    perform registry_check_call(p_now);
    loop
    begin
        -- Lock.
        select b.capacity_id, b.amount_minor - b.held_minor - b.committed_minor - b.spent_minor,
            b.live_holds
        into v_locked, v_left, v_live
        from registry_paper as p
        join registry_book as b on b.capacity_id = p.capacity_id and b.purpose = p_purpose
        where p.key = p_paper
        for update of b;

        -- Read: what was changed while this call waited is seen now.
        select p.capacity_id, c.unit, c.frozen_because is not null, c.twins
        into v_capacity, v_unit, v_frozen, v_twins
        from registry_paper as p
        left join registry_capacity as c on c.id = p.capacity_id
        where p.key = p_paper;

        v_refusal := registry_hold_refusal(
            p_now, p_asked, p_least, p_expires, p_unit, found, v_capacity, v_locked is not null,
            v_unit, v_frozen
        );
        if v_locked is distinct from v_capacity then
            if v_locked is not null or exists (
                select from registry_book as b
                where b.capacity_id = v_capacity and b.purpose = p_purpose
            ) then
                raise exception 'the paper was folded or opened meanwhile' using errcode = 'TL001';
            end if;
        end if;

        -- Take.
        v_granted := 0;
        v_others := 0;
        if v_locked is null then
            v_left := 0;
            v_twins := 0;
        elsif v_live > 0 then
            select count(*) into v_own
            from registry_hold as mine
            where mine.capacity_id = v_locked and mine.purpose = p_purpose
                and mine.held_by = p_holder and mine.state in ('held', 'committed');
            v_others := v_live - v_own;
        end if;
        if v_refusal is null and v_left < p_least then
            continue when exists (
                select from registry_hold as due where due.state = 'held' and due.expires_at <= p_now
            ) and not exists (  -- a refusal that is heard again needs no room
                select from registry_hold as known where known.id = p_id
            ) and registry_expire_in(p_now, array[v_locked], array[p_purpose]) > 0;
            v_refusal := 'not-enough';
        end if;
        if v_refusal is null then
            v_granted := least(v_left, p_asked);
            update registry_book as b
            set held_minor = b.held_minor
                    + case when p_expires is null then 0 else v_granted end,
                committed_minor = b.committed_minor
                    + case when p_expires is null then v_granted else 0 end,
                live_holds = b.live_holds + 1
            where b.capacity_id = v_locked and b.purpose = p_purpose;
        end if;
        v_free := greatest(v_left - v_granted, 0);

        -- Keep.
        v_told := journal_append(
            'registry.hold', p_now,
            '{"at":"' || canonical_time(p_now)
            || '","lines":[{"capacity":' || coalesce('"' || v_capacity || '"', 'null')
            || ',"committed":"' || case when p_expires is null then v_granted else 0 end
            || '","expires":' || coalesce('"' || canonical_time(p_expires) || '"', 'null')
            || ',"held":"' || case when p_expires is null then 0 else v_granted end
            || '","holder":' || to_json(p_holder) || ',"id":"' || p_id
            || '","paper":' || to_json(p_paper) || ',"purpose":' || to_json(p_purpose)
            || ',"refusal":' || coalesce('"' || v_refusal || '"', 'null')
            || ',"unit":' || to_json(p_unit) || '}]}'
        );
        insert into registry_hold (
            id, paper, purpose, holder, unit, asked_minor, least_minor, expires_at, rate,
            asked_at, refusal, granted_minor, free_minor, others, twins, entry_id, line,
            state, capacity_id, held_by, committed_minor
        )
        values (
            p_id, p_paper, p_purpose, p_holder, p_unit, p_asked, p_least, p_expires, p_rate,
            p_now, v_refusal, v_granted, v_free, v_others, v_twins, v_told.entry_id, 1,
            case
                when v_refusal is not null then 'refused'
                when p_expires is null then 'committed'
                else 'held'
            end,
            v_capacity, p_holder, case when p_expires is null then v_granted else 0 end
        )
        on conflict (id) do nothing;
        if not found then
            raise exception 'the id was used before' using errcode = 'TL004';
        end if;
        refusal := v_refusal;
        granted_minor := v_granted;
        free_minor := v_free;
        others := v_others;
        twins := v_twins;
        repeated := false;
        entry_id := v_told.entry_id;
        commitment := v_told.commitment;
        return next;
        return;
    exception
        when sqlstate 'TL001' then
            null;  -- this try is undone, its locks with it; the next sees what the others did
        when sqlstate 'TL004' then
            return query select * from registry_hold_said(
                p_id, p_paper, p_purpose, p_holder, p_unit, p_asked, p_least, p_expires, p_rate
            );
            return;
    end;
    end loop;
end $$;
