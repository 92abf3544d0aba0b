-- What becomes of a hold: commit, release, spend, expire, hand-over; once under each id.
--
-- Books are locked first and in one order, as when value is held; a hold changes only under the
-- lock of its book. An amount of NULL means all of it.

create or replace function registry_move(
    p_now timestamptz,
    p_ids uuid[], p_holds uuid[], p_events text[], p_amounts bigint[], p_by text[], p_to text[]
) returns table (
    refusal text, moved_minor bigint, state text, repeated boolean,
    entry_id bigint, commitment bytea
)
language plpgsql
set plan_cache_mode = force_generic_plan
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
    v_locked bigint[];
    v_capacities bigint[];
    v_purposes text[];
    v_first integer[];
    v_hold integer[];
    v_known boolean[];
    v_repeated boolean[];
    v_refusals text[];
    v_moved bigint[];
    v_said text[];
    v_states text[];
    v_before text[];
    v_rest bigint[];  -- what is held, or what is committed: a hold has one or the other
    v_spent bigint[];
    v_freed bigint[];
    v_expires timestamptz[];
    v_holders text[];
    v_frozen boolean[];
    v_d_held bigint[] := array_fill(0::bigint, array[cardinality(p_ids)]);
    v_d_committed bigint[] := v_d_held;
    v_d_spent bigint[] := v_d_held;
    v_count integer;
    v_entry bigint;
    v_commitment bytea;
    v_amount bigint;
    v_refusal text;
    i integer;
    h integer;
begin
    perform registry_check_call(p_now);
    loop
    begin
        select array_agg(hold.capacity_id order by line.i) into v_locked
        from unnest(p_holds) with ordinality as line (id, i)
        left join registry_hold as hold on hold.id = line.id;

        perform 1
        from registry_book as book
        where (book.capacity_id, book.purpose) in (
            select hold.capacity_id, hold.purpose
            from unnest(p_holds) as line (id) join registry_hold as hold on hold.id = line.id
        )
        order by book.capacity_id, book.purpose
        for update;

        select
            array_agg(l.capacity_id order by l.i), array_agg(l.purpose order by l.i),
            array_agg(l.first_i order by l.i), array_agg(l.hold order by l.i),
            array_agg(l.known order by l.i), array_agg(l.refusal order by l.i),
            array_agg(l.moved order by l.i), array_agg(l.said order by l.i),
            array_agg(l.state order by l.i), array_agg(l.rest order by l.i),
            array_agg(l.spent order by l.i), array_agg(l.freed order by l.i),
            array_agg(l.expires_at order by l.i), array_agg(l.held_by order by l.i),
            array_agg(l.frozen order by l.i)
        into
            v_capacities, v_purposes, v_first, v_hold, v_known, v_refusals, v_moved, v_said,
            v_states, v_rest, v_spent, v_freed, v_expires, v_holders, v_frozen
        from registry_moves(p_ids, p_holds, p_events, p_amounts, p_by, p_to) as l;
        if v_capacities is distinct from v_locked then
            raise exception 'a hold was folded meanwhile' using errcode = 'TL001';
        end if;

        v_before := v_states;
        v_repeated := v_known;
        v_count := 0;
        for i in 1 .. cardinality(p_ids) loop
            continue when v_known[i];
            if v_first[i] < i then
                v_repeated[i] := true;
                if v_refusals[i] is distinct from 'id-reused' then
                    v_refusals[i] := v_refusals[v_first[i]];
                    v_moved[i] := v_moved[v_first[i]];
                    v_said[i] := v_said[v_first[i]];
                end if;
                continue;
            end if;
            v_count := v_count + 1;
            h := v_hold[i];
            v_refusal := v_refusals[i];
            v_amount := coalesce(p_amounts[i], v_rest[h], 0);
            if v_refusal is null and p_by[i] <> v_holders[h] then
                v_refusal := 'unknown-hold';  -- who holds it is nobody else's business
            elsif v_refusal is null then
                v_refusal := registry_move_refusal(
                    p_events[i], v_states[h], v_amount, v_rest[h], p_to[i], v_expires[h] <= p_now,
                    v_frozen[h]);
            end if;
            v_refusals[i] := v_refusal;
            if v_refusal is null and p_events[i] = 'hand-over' then
                v_holders[h] := p_to[i];
            elsif v_refusal is null then
                v_moved[i] := v_amount;
                if p_events[i] = 'commit' then
                    v_d_held[i] := -v_rest[h];
                    v_d_committed[i] := v_amount;
                    v_freed[h] := v_freed[h] + v_rest[h] - v_amount;
                    v_rest[h] := v_amount;
                else
                    if v_states[h] = 'held' then
                        v_d_held[i] := -v_amount;
                    else
                        v_d_committed[i] := -v_amount;
                    end if;
                    v_rest[h] := v_rest[h] - v_amount;
                    if p_events[i] = 'spend' then
                        v_d_spent[i] := v_amount;
                        v_spent[h] := v_spent[h] + v_amount;
                    else
                        v_freed[h] := v_freed[h] + v_amount;
                    end if;
                end if;
                v_states[h] := registry_state_after(
                    p_events[i], v_states[h], v_rest[h] = 0, v_spent[h] > 0);
            end if;
            v_said[i] := case when v_refusal is distinct from 'unknown-hold'
                then v_states[h] end;
        end loop;

        if v_count > 0 then
            update registry_hold as hold
            set state = line.state, held_by = line.held_by, spent_minor = line.spent,
                freed_minor = line.freed,
                committed_minor = case when line.state = 'held' then 0 else line.rest end
            from unnest(p_holds, v_hold, v_states, v_holders, v_rest, v_spent, v_freed)
                with ordinality as line (id, first, state, held_by, rest, spent, freed, i)
            -- A hold that was not there when we looked is unknown to us, though it may be there now.
            where hold.id = line.id and line.i = line.first and line.state <> 'refused'
                and (hold.state, hold.held_by, hold.spent_minor, hold.freed_minor)
                    is distinct from (line.state, line.held_by, line.spent, line.freed);

            update registry_book as book
            set held_minor = book.held_minor + d.held,
                committed_minor = book.committed_minor + d.committed,
                spent_minor = book.spent_minor + d.spent,
                live_holds = book.live_holds - d.ended,
                over_used_since = case
                    when book.amount_minor < book.held_minor + book.committed_minor
                        + book.spent_minor + d.held + d.committed + d.spent
                    then book.over_used_since end
            from (
                select
                    line.capacity_id, line.purpose, sum(line.held)::bigint as held,
                    sum(line.committed)::bigint as committed, sum(line.spent)::bigint as spent,
                    count(*) filter (
                        where line.i = line.hold and line.before in ('held', 'committed')
                            and line.state not in ('held', 'committed')
                    )::integer as ended
                from unnest(
                    v_capacities, v_purposes, v_d_held, v_d_committed, v_d_spent, v_hold,
                    v_before, v_states
                ) with ordinality as line (
                    capacity_id, purpose, held, committed, spent, hold, before, state, i
                )
                group by 1, 2
            ) as d
            where book.capacity_id = d.capacity_id and book.purpose = d.purpose;

            select j.entry_id, j.commitment into v_entry, v_commitment
            from journal_append('registry.move', p_now, (
                select '{"at":"' || canonical_time(p_now) || '","lines":['
                    || string_agg(row_to_json(line)::text, ',' order by a.i) || ']}'
                from unnest(
                    p_ids, p_holds, p_events, v_capacities, v_purposes, v_d_held, v_d_committed,
                    v_d_spent, v_refusals, v_said, p_to, v_repeated
                ) with ordinality as a (
                    id, hold, event, capacity_id, purpose, held, committed, spent, refusal, state,
                    hand_to, repeated, i
                )
                cross join lateral (
                    select
                        a.capacity_id::text as capacity, a.committed::text as committed, a.event,
                        a.held::text as held, a.hold, a.id, a.purpose, a.refusal,
                        a.spent::text as spent, a.state, a.hand_to as "to"
                ) as line
                where not a.repeated
            )) as j;

            insert into registry_move (
                id, hold_id, event, asked_minor, by, "to", moved_at, refusal, moved_minor, state,
                entry_id
            )
            select
                line.id, line.hold, line.event, line.asked, line.by, line.hand_to, p_now,
                line.refusal, line.moved, line.said, v_entry
            from unnest(
                p_ids, p_holds, p_events, p_amounts, p_by, p_to, v_refusals, v_moved, v_said,
                v_repeated
            ) as line (
                id, hold, event, asked, by, hand_to, refusal, moved, said, repeated
            )
            where not line.repeated
            order by line.id
            on conflict (id) do nothing;
            get diagnostics i = row_count;
            if i < v_count then
                raise exception 'an id was taken meanwhile' using errcode = 'TL001';
            end if;
        end if;

        return query
            select a.refusal, a.moved, a.said, a.repeated,
                case when a.refusal is distinct from 'id-reused'
                    then coalesce(m.entry_id, v_entry) end,
                case when a.refusal is distinct from 'id-reused'
                    then coalesce(e.commitment, v_commitment) end
            from unnest(p_ids, v_refusals, v_moved, v_said, v_repeated, v_known)
                with ordinality as a (id, refusal, moved, said, repeated, known, i)
            left join registry_move as m on a.known and m.id = a.id
            left join journal_entry as e on a.known and e.id = m.entry_id
            order by a.i;
        return;
    exception
        when sqlstate 'TL001' then
            null;  -- this try is undone, its locks with it; the next sees what the others did
    end;
    v_d_held := array_fill(0::bigint, array[cardinality(p_ids)]);
    v_d_committed := v_d_held;
    v_d_spent := v_d_held;
    end loop;
end $$;

-- Why a move cannot be made, or NULL; the table of moves stands in registry/lifecycle.py.
create or replace function registry_move_refusal(
    p_event text, p_state text, p_amount bigint, p_rest bigint, p_to text, p_due boolean,
    p_frozen boolean
) returns text
language sql immutable parallel safe
return case
    when p_event not in ('commit', 'release', 'spend', 'expire', 'hand-over') then 'unknown-event'
    when not (
        p_state = 'held' and p_event <> 'spend'
        or p_state = 'committed' and p_event in ('release', 'spend', 'hand-over')
    ) then 'move-not-allowed'
    when p_event = 'hand-over' and coalesce(p_to, '') = '' then 'no-new-holder'
    when p_event = 'hand-over' then case when p_amount <> p_rest then 'not-in-part' end
    when p_event = 'expire' and not p_due then 'not-due'
    when p_event = 'expire' then case when p_amount <> p_rest then 'not-in-part' end
    when p_event = 'commit' and p_due then 'expired'
    when p_event = 'commit' and p_frozen then 'frozen'
    when p_amount <= 0 then 'amount-not-positive'
    when p_amount > p_rest then 'more-than-held'
end;

create or replace function registry_state_after(
    p_event text, p_state text, p_nothing_left boolean, p_spent boolean
) returns text
language sql immutable parallel safe
return case
    when p_event = 'commit' then 'committed'
    when not p_nothing_left then p_state
    when p_event = 'expire' then 'expired'
    when p_spent then 'spent'
    else 'released'
end;

-- The lines of a call of moves, as their holds stand now; `hold` is the place of the first line
-- about the same hold.
create or replace function registry_moves(
    p_ids uuid[], p_holds uuid[], p_events text[], p_amounts bigint[], p_by text[], p_to text[]
) returns table (
    i bigint, capacity_id bigint, purpose text, first_i integer, hold integer, known boolean,
    refusal text, moved bigint, said text, state text, rest bigint, spent bigint, freed bigint,
    expires_at timestamptz, held_by text, frozen boolean
)
language sql stable as $$
    with line as (
        select
            a.*, min(a.i) over same_id as first_i,
            (a.hold, a.event, a.asked, a.by, a.hand_to) is distinct from (
                first_value(a.hold) over same_id, first_value(a.event) over same_id,
                first_value(a.asked) over same_id, first_value(a.by) over same_id,
                first_value(a.hand_to) over same_id
            ) as differs,
            min(a.i) over (partition by a.hold) as hold_i
        from unnest(p_ids, p_holds, p_events, p_amounts, p_by, p_to)
            with ordinality as a (id, hold, event, asked, by, hand_to, i)
        window same_id as (partition by a.id order by a.i)
    )
    select
        line.i, h.capacity_id, h.purpose, line.first_i::integer, line.hold_i::integer,
        m.id is not null,
        case
            when m.id is not null and not asked_again.same then 'id-reused'
            when m.id is not null then m.refusal
            when line.differs then 'id-reused'
            when h.id is null then 'unknown-hold'
        end,
        case when asked_again.same then m.moved_minor else 0 end,
        case when asked_again.same then m.state end,
        h.state,
        case h.state when 'held' then h.granted_minor - h.freed_minor
            else h.committed_minor end,
        h.spent_minor, h.freed_minor, h.expires_at, h.held_by, c.frozen_because is not null
    from line
    left join registry_hold as h on h.id = line.hold
    left join registry_move as m on m.id = line.id
    left join registry_capacity as c on c.id = h.capacity_id
    cross join lateral (
        select m.id is not null
            and (line.hold, line.event, line.asked, line.by, line.hand_to)
                is not distinct from (m.hold_id, m.event, m.asked_minor, m.by, m."to") as same
    ) as asked_again
$$;

-- Free what ran out before p_now, the oldest first: at most p_limit holds, in one call.
create or replace function registry_expire(p_now timestamptz, p_limit integer) returns integer
language plpgsql as $$
declare
    v_holds uuid[];
    v_expired integer;
begin
    select array_agg(due.id) into v_holds
    from (
        select hold.id from registry_hold as hold
        where hold.state = 'held' and hold.expires_at <= p_now
        order by hold.expires_at, hold.id limit p_limit
    ) as due;
    select registry_expire_these(p_now, v_holds) into v_expired;
    return v_expired;
end $$;

-- The same for some books only, because somebody needs room on them now.
create or replace function registry_expire_in(
    p_now timestamptz, p_capacities bigint[], p_purposes text[]
) returns integer
language plpgsql as $$
declare
    v_holds uuid[];
    v_expired integer;
begin
    select array_agg(hold.id) into v_holds
    from registry_hold as hold
    where hold.state = 'held' and hold.expires_at <= p_now
        and (hold.capacity_id, hold.purpose) in (select * from unnest(p_capacities, p_purposes));
    select registry_expire_these(p_now, v_holds) into v_expired;
    return v_expired;
end $$;

create or replace function registry_expire_these(p_now timestamptz, p_holds uuid[])
returns integer
language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
declare
    v_due uuid[];
    v_expired integer;
begin
    -- Under the locks of their books those are left that nobody else moved or expired meanwhile.
    perform 1
    from registry_book as book
    where (book.capacity_id, book.purpose) in (
        select hold.capacity_id, hold.purpose
        from registry_hold as hold where hold.id = any (p_holds)
    )
    order by book.capacity_id, book.purpose
    for update;
    select array_agg(hold.id order by hold.expires_at, hold.id) into v_due
    from registry_hold as hold where hold.id = any (p_holds) and hold.state = 'held';
    if v_due is null then
        return 0;
    end if;
    -- Whoever could foresee a move's id could use it up, and the hold would never end.
    select count(*) filter (where moved.refusal is null) into v_expired
    from registry_move(
        p_now, (select array_agg(gen_random_uuid()) from unnest(v_due)),
        v_due, array_fill('expire'::text, array[cardinality(v_due)]),
        array_fill(null::bigint, array[cardinality(v_due)]),
        array_fill(null::text, array[cardinality(v_due)]),
        array_fill(null::text, array[cardinality(v_due)])
    ) as moved;
    return v_expired;
end $$;
