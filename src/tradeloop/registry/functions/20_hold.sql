-- Set value aside, exactly once: every line is answered, and its answer stands for ever.
--
-- The order of things is what keeps the promise:
--   1. the books asked for are locked, in one order, so nobody deadlocks;
--   2. all figures are read after that, so nothing changes between looking and taking;
--   3. the lines are answered in their order, each from what the lines before it left;
--   4. the answers, the new figures and the fact are written, or none of them.
-- The id of a line is its primary key: of two calls with one id the second waits, and is then
-- answered what the first was.
-- What has no end (no time of expiry) is committed at once.

create or replace function registry_hold(
    p_now timestamptz, p_whole boolean,
    p_ids uuid[], p_papers text[], p_purposes text[], p_holders text[], p_units text[],
    p_asked bigint[], p_least bigint[], p_expires timestamptz[], p_rates text[]
) returns table (
    refusal text, granted_minor bigint, free_minor bigint, others integer, twins integer,
    repeated boolean, entry_id bigint, commitment bytea
)
language plpgsql
-- Plans for any number of lines: through indexes, whatever the tables' size was at first use.
set plan_cache_mode = force_generic_plan
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
    v_lines constant integer := cardinality(p_ids);
    v_capacities bigint[];
    v_named boolean[];
    v_first integer[];
    v_known boolean[];
    v_refusals text[];
    v_granted bigint[];
    v_free bigint[];
    v_others integer[];
    v_twins integer[];
    v_repeated boolean[];
    v_book integer[];
    v_pair integer[];
    v_start bigint[];
    v_left bigint[];
    v_live integer[];
    v_own integer[];
    v_live_before integer[];
    v_own_before integer[];
    v_short boolean;
    v_again boolean;
    v_line record;
    v_count integer;
    v_entry bigint;
    v_commitment bytea;
    i integer;
    b integer;
    q integer;
begin
    perform registry_check_call(p_now);
    loop
    begin
        -- 1. Lock. A paper may be folded into another value meanwhile; then begin again.
        select array_agg(p.capacity_id order by line.i), array_agg(p.key is not null order by line.i)
        into v_capacities, v_named
        from unnest(p_papers) with ordinality as line (paper, i)
        left join registry_paper as p on p.key = line.paper;

        v_left := array_fill(null::bigint, array[v_lines]);
        v_live := array_fill(null::integer, array[v_lines]);
        for v_line in
            select line.i, book.amount_minor - book.held_minor - book.committed_minor
                - book.spent_minor as minor, book.live_holds
            from unnest(v_capacities, p_purposes)
                with ordinality as line (capacity_id, purpose, i)
            join registry_book as book
                on book.capacity_id = line.capacity_id and book.purpose = line.purpose
            order by book.capacity_id, book.purpose
            for update of book
        loop
            v_left[v_line.i] := v_line.minor;
            v_live[v_line.i] := v_line.live_holds;
        end loop;

        -- 2. Read.
        select
            array_agg(l.first_i order by l.i), array_agg(l.known order by l.i),
            array_agg(l.refusal order by l.i), array_agg(l.granted order by l.i),
            array_agg(l.free order by l.i), array_agg(l.others order by l.i),
            array_agg(l.twins order by l.i), array_agg(l.book order by l.i),
            array_agg(l.pair order by l.i), array_agg(l.own order by l.i), bool_or(l.folded)
        into
            v_first, v_known, v_refusals, v_granted, v_free, v_others, v_twins, v_book, v_pair,
            v_own, v_again
        from registry_lines(
            p_now, p_ids, p_papers, p_purposes, p_holders, p_units, p_asked, p_least, p_expires,
            p_rates, v_named, v_capacities, v_left, v_live
        ) as l;
        if v_again then
            raise exception 'a paper was folded meanwhile' using errcode = 'TL001';
        end if;

        -- 3. Answer, each line from what those before it left. Figures of a book stand at the
        -- place of its first line (v_book), those of a holder in a book at theirs (v_pair).
        v_repeated := v_known;
        v_start := v_left;
        v_live_before := v_live;
        v_own_before := v_own;
        v_short := false;
        v_count := 0;
        for i in 1 .. v_lines loop
            continue when v_known[i];
            q := v_first[i];
            if q < i then  -- the id stands earlier in this very call
                v_repeated[i] := true;
                if v_refusals[i] is distinct from 'id-reused' then
                    v_refusals[i] := v_refusals[q];
                    v_granted[i] := v_granted[q];
                    v_free[i] := v_free[q];
                    v_others[i] := v_others[q];
                end if;
                continue;
            end if;
            v_count := v_count + 1;
            b := v_book[i];
            if b is null then
                continue;
            end if;
            q := v_pair[i];
            v_others[i] := v_live[b] - v_own[q];
            if v_refusals[i] is null then
                if v_left[b] >= p_least[i] then
                    v_granted[i] := least(v_left[b], p_asked[i]);
                    v_left[b] := v_left[b] - v_granted[i];
                    v_live[b] := v_live[b] + 1;
                    v_own[q] := v_own[q] + 1;
                else
                    v_refusals[i] := 'not-enough';
                    v_short := true;
                end if;
            end if;
            v_free[i] := greatest(v_left[b], 0);
        end loop;

        -- What ran out may be in the way: free it, and look again.
        if v_short and exists (
            select from registry_hold where state = 'held' and expires_at <= p_now
        ) then
            select registry_expire_in(p_now, v_capacities, p_purposes) > 0 into v_again;
            continue when v_again;
        end if;

        -- All or nothing: one refusal takes back what the others were to get.
        if p_whole and num_nonnulls(variadic v_refusals) > 0 then
            for i in 1 .. v_lines loop
                continue when v_known[i] or v_refusals[i] = 'id-reused';
                v_refusals[i] := coalesce(v_refusals[i], 'another-line-refused');
                v_granted[i] := 0;
                b := v_book[i];
                v_free[i] := coalesce(greatest(v_start[b], 0), 0);
                v_others[i] := coalesce(v_live_before[b] - v_own_before[v_pair[i]], 0);
            end loop;
        end if;

        -- 4. Write.
        if v_count > 0 then
            update registry_book as book
            set held_minor = book.held_minor + taken.held,
                committed_minor = book.committed_minor + taken.committed,
                live_holds = book.live_holds + taken.n
            from (
                select line.capacity_id, line.purpose, count(*)::integer as n,
                    sum(case when line.expires_at is null then 0 else line.minor end)::bigint
                        as held,
                    sum(case when line.expires_at is null then line.minor else 0 end)::bigint
                        as committed
                from unnest(v_capacities, p_purposes, v_granted, v_repeated, p_expires)
                    as line (capacity_id, purpose, minor, repeated, expires_at)
                where not line.repeated and line.minor > 0
                group by 1, 2
            ) as taken
            where book.capacity_id = taken.capacity_id and book.purpose = taken.purpose;

            select j.entry_id, j.commitment into v_entry, v_commitment
            from journal_append('registry.hold', p_now, (
                select '{"at":"' || canonical_time(p_now) || '","lines":['
                    || string_agg(row_to_json(line)::text, ',' order by said.i) || ']}'
                from unnest(
                    p_ids, p_papers, p_purposes, p_holders, p_units, p_expires, v_capacities,
                    v_refusals, v_granted, v_repeated
                ) with ordinality as said (
                    id, paper, purpose, holder, unit, expires_at, capacity_id, refusal, granted,
                    repeated, i
                )
                cross join lateral (
                    select
                        said.capacity_id::text as capacity,
                        (case when said.expires_at is null then said.granted else 0 end)::text
                            as committed,
                        canonical_time(said.expires_at) as expires,
                        (case when said.expires_at is null then 0 else said.granted end)::text
                            as held,
                        said.holder, said.id, said.paper, said.purpose, said.refusal, said.unit
                ) as line
                where not said.repeated
            )) as j;

            insert into registry_hold (
                id, paper, purpose, holder, unit, asked_minor, least_minor, expires_at, rate,
                asked_at, refusal, granted_minor, free_minor, others, twins, entry_id, line,
                state, capacity_id, held_by, committed_minor
            )
            select
                line.id, line.paper, line.purpose, line.holder, line.unit, line.asked, line.least,
                line.expires_at, line.rate, p_now, line.refusal, line.granted, line.free,
                line.others, line.twins, v_entry, line.i,
                case
                    when line.refusal is not null then 'refused'
                    when line.expires_at is null then 'committed'
                    else 'held'
                end,
                line.capacity_id, line.holder,
                case when line.expires_at is null then line.granted else 0 end
            from unnest(
                p_ids, p_papers, p_purposes, p_holders, p_units, p_asked, p_least, p_expires,
                p_rates, v_refusals, v_granted, v_free, v_others, v_twins, v_capacities, v_repeated
            ) with ordinality as line (
                id, paper, purpose, holder, unit, asked, least, expires_at, rate, refusal, granted,
                free, others, twins, capacity_id, repeated, i
            )
            where not line.repeated
            order by line.id  -- the order in which ids wait for one another, so nobody deadlocks
            on conflict (id) do nothing;
            get diagnostics i = row_count;
            if i < v_count then  -- another call with one of the ids was quicker
                raise exception 'an id was taken meanwhile' using errcode = 'TL001';
            end if;
        end if;

        return query
            select a.refusal, a.granted, a.free, a.others, a.twins, a.repeated,
                -- of another's request nobody learns more than that the id is taken
                case when a.refusal is distinct from 'id-reused'
                    then coalesce(h.entry_id, v_entry) end,
                case when a.refusal is distinct from 'id-reused'
                    then coalesce(e.commitment, v_commitment) end
            from unnest(p_ids, v_refusals, v_granted, v_free, v_others, v_twins, v_repeated, v_known)
                with ordinality
                as a (id, refusal, granted, free, others, twins, repeated, known, i)
            left join registry_hold as h on a.known and h.id = a.id
            left join journal_entry as e on a.known and e.id = h.entry_id
            order by a.i;
        return;
    exception
        when sqlstate 'TL001' then
            null;  -- this try is undone, its locks with it; the next sees what the others did
    end;
    end loop;
end $$;
