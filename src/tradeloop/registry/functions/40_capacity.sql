-- What happens to a value itself: it is opened, amended, frozen, or folded into a declaration.
--
-- One of these runs at a time (an advisory lock), beside any number of holds: the books are
-- locked in the same order as there, and read after that.

create or replace function registry_lock_changes() returns void
language sql as $$ select pg_advisory_xact_lock(7216003) $$;

-- The answer of a change that was made before under this id, or NULL; another content is refused.
create or replace function registry_change_before(p_id uuid, p_asked text) returns text
language sql stable
return (
    select case when asked = p_asked then answer else '{"refusal":"id-reused"}' end
    from registry_change where id = p_id
);

create or replace function registry_change_done(
    p_id uuid, p_event text, p_asked text, p_answer text, p_entry bigint
) returns text
language sql as $$
    insert into registry_change (id, event, asked, answer, entry_id)
    values (p_id, p_event, p_asked, p_answer, coalesce(p_entry, 0))
    returning answer
$$;

-- Values are what their papers prove, whatever was before: open what is new, amend what differs.
-- Names of values stand apart (p_names, p_name_lines: the line each belongs to). Safe to repeat:
-- what is so already changes nothing. An amendment may leave a book over-used.
create or replace function registry_take_in(
    p_now timestamptz, p_because text,
    p_papers text[], p_units text[], p_purposes text[], p_amounts bigint[],
    p_names text[], p_name_lines integer[]
) returns table (outcome text, capacity_id bigint, over_minor bigint)
language plpgsql as $$
#variable_conflict use_column
begin
    perform registry_check_call(p_now);
    perform registry_lock_changes();
    create temp table if not exists taking (
        i bigint, paper text, unit text, purpose text, amount bigint, id bigint, target bigint,
        outcome text, delta bigint, over bigint
    ) on commit drop;
    truncate taking;
    insert into taking
    select a.i, a.paper, a.unit, a.purpose, a.amount, c.id, coalesce(c.folded_into_id, c.id),
        case
            when a.amount < 0 then 'amount-negative'
            when c.unit <> a.unit then 'unit-differs'
            when count(*) over (partition by a.paper, a.purpose) > 1 then 'given-twice'
        end
    from unnest(p_papers, p_units, p_purposes, p_amounts)
        with ordinality as a (paper, unit, purpose, amount, i)
    left join registry_capacity as c on c.paper = a.paper;

    -- A name that stands for something else already cannot open a value of its own.
    update taking set outcome = 'name-taken'
    where outcome is null and id is null
        and exists (select from registry_paper as p where p.key = taking.paper);

    with opened as (
        insert into registry_capacity (paper, unit, opened_at)
        select paper, min(unit), p_now from taking where outcome is null and id is null
        group by paper having min(unit) = max(unit)
        returning id, paper
    )
    update taking set id = opened.id, target = opened.id
    from opened where taking.paper = opened.paper;
    update taking set outcome = 'unit-differs' where outcome is null and id is null;

    insert into registry_paper (key, capacity_id)
    select distinct paper, target from taking where outcome is null
    on conflict (key) do nothing;
    insert into registry_name (key, capacity_id)
    select paper, id from taking where outcome is null
    union
    select n.name, t.id
    from unnest(p_names, p_name_lines) as n (name, line)
    join taking as t on t.i = n.line and t.outcome is null
    on conflict (key, capacity_id) do nothing;
    -- A paper of several values stands for none of them.
    insert into registry_paper (key, capacity_id)
    select n.name, case when min(t.target) = max(t.target) then min(t.target) end
    from unnest(p_names, p_name_lines) as n (name, line)
    join taking as t on t.i = n.line and t.outcome is null
    group by n.name
    on conflict (key) do update set capacity_id = null
    where registry_paper.capacity_id is distinct from excluded.capacity_id
        and registry_paper.capacity_id is not null;

    perform 1
    from registry_book as book
    where (book.capacity_id, book.purpose) in (
        select id, purpose from taking union select target, purpose from taking
    )
    order by book.capacity_id, book.purpose
    for update;

    update taking
    -- What was the sum of its lists is what the declaration itself says from now on.
    set delta = taking.amount
            - coalesce(book.own_minor, case when t.id = t.target then book.amount_minor end, 0),
        outcome = case
            when book.capacity_id is null then 'opened'
            when book.own_minor = taking.amount then 'unchanged'
            else 'adjusted'
        end
    from taking as t
    left join registry_book as book on book.capacity_id = t.id and book.purpose = t.purpose
    where taking.outcome is null and taking.i = t.i;

    -- A declaration that was amended itself, or is in this call, is no longer the sum of its lists.
    update taking
    set delta = 0
    from (
        select capacity_id, purpose from registry_book where own_minor is not null
        union
        select id, purpose from taking where id = target and outcome in ('opened', 'adjusted')
    ) as declared
    where taking.id <> taking.target and declared.capacity_id = taking.target
        and declared.purpose = taking.purpose;

    -- Lists whose sum their declaration's book cannot hold; a value of its own always fits.
    update taking
    set outcome = 'too-large'
    from (
        select t.target, t.purpose
        from taking as t
        join registry_book as whole on whole.capacity_id = t.target and whole.purpose = t.purpose
        where t.outcome in ('opened', 'adjusted') and t.delta > 0
        group by t.target, t.purpose, whole.amount_minor
        having sum(t.delta) + whole.amount_minor > 9223372036854775807
    ) as beyond
    where taking.target = beyond.target and taking.purpose = beyond.purpose and taking.delta > 0
        and taking.outcome in ('opened', 'adjusted');

    insert into registry_book (capacity_id, purpose, amount_minor, own_minor)
    select id, purpose, case when id = target then amount else 0 end, amount
    from taking where outcome = 'opened';
    update registry_book as book
    set own_minor = taking.amount
    from taking
    where taking.outcome = 'adjusted' and book.capacity_id = taking.id
        and book.purpose = taking.purpose;
    perform registry_add(p_now, array_agg(target), array_agg(purpose), array_agg(delta))
    from taking
    where outcome = 'adjusted' or outcome = 'opened' and id <> target;

    update taking
    set over = book.held_minor + book.committed_minor + book.spent_minor - book.amount_minor
    from registry_book as book
    where taking.outcome = 'adjusted' and book.over_used_since is not null
        and book.capacity_id = taking.target and book.purpose = taking.purpose;

    perform journal_append('registry.taken-in', p_now, (
        select '{"at":"' || canonical_time(p_now) || '","because":' || canonical(p_because)
            || ',"lines":[' || string_agg(row_to_json(line)::text, ',' order by t.i) || ']}'
        from taking as t
        cross join lateral (
            select t.delta::text as amount, t.target::text as capacity, t.outcome as event,
                greatest(t.over, 0)::text as over, t.paper, t.purpose, t.unit
        ) as line
        where t.outcome in ('opened', 'adjusted')
    ))
    where exists (select from taking where outcome in ('opened', 'adjusted'));

    return query select outcome, target, coalesce(over, 0) from taking order by i;
end $$;

-- Add to the amounts of some books (less, if negative), and see whether they are over-used.
create or replace function registry_add(
    p_now timestamptz, p_capacities bigint[], p_purposes text[], p_deltas bigint[]
) returns void
language sql as $$
    insert into registry_book as book (capacity_id, purpose, amount_minor, own_minor)
    select distinct d.capacity_id, d.purpose, 0, null::bigint
    from unnest(p_capacities, p_purposes) as d (capacity_id, purpose)
    on conflict do nothing;

    update registry_book as book
    set amount_minor = book.amount_minor + d.delta,
        over_used_since = case
            when book.amount_minor + d.delta
                < book.held_minor + book.committed_minor + book.spent_minor
            then coalesce(book.over_used_since, p_now) end
    from (
        select g.capacity_id, g.purpose, sum(g.delta)::bigint as delta
        from unnest(p_capacities, p_purposes, p_deltas) as g (capacity_id, purpose, delta)
        group by 1, 2
    ) as d
    where book.capacity_id = d.capacity_id and book.purpose = d.purpose
$$;

-- Amend one value by hand: its amount for a purpose is this from now on.
create or replace function registry_adjust(
    p_now timestamptz, p_id uuid, p_paper text, p_purpose text, p_unit text, p_amount bigint,
    p_because text
) returns text
language plpgsql as $$
declare
    v_asked constant text := jsonb_build_array(p_paper, p_purpose, p_unit, p_amount, p_because);
    v_answer text;
    v_capacity registry_capacity;
    v_book registry_book;
    v_used bigint;
    v_entry bigint;
begin
    perform registry_check_call(p_now);
    perform registry_lock_changes();
    v_answer := registry_change_before(p_id, v_asked);
    if v_answer is not null then
        return v_answer;
    end if;
    select c.* into v_capacity
    from registry_paper as p join registry_capacity as c on c.id = p.capacity_id
    where p.key = p_paper;
    select b.* into v_book
    from registry_book as b where b.capacity_id = v_capacity.id and b.purpose = p_purpose
    for update;
    v_answer := case
        when p_amount < 0 then 'amount-negative'
        when v_capacity.id is null then registry_name_refusal(p_paper)
        when v_book.capacity_id is null then 'no-such-purpose'
        when v_capacity.unit <> p_unit then 'unit-differs'
    end;
    if v_answer is not null then
        return registry_change_done(
            p_id, 'adjust', v_asked, json_build_object('refusal', v_answer)::text, null);
    end if;
    v_used := v_book.held_minor + v_book.committed_minor + v_book.spent_minor;
    update registry_book
    set amount_minor = p_amount, own_minor = p_amount,
        over_used_since = case when p_amount < v_used then coalesce(over_used_since, p_now) end
    where capacity_id = v_capacity.id and purpose = p_purpose;
    select entry_id into v_entry from journal_append('registry.adjusted', p_now,
        '{"at":"' || canonical_time(p_now) || '","because":' || canonical(p_because) || ',"lines":['
        || (select row_to_json(line) from (
            select (p_amount - v_book.amount_minor)::text as amount,
                v_capacity.id::text as capacity, 'adjusted' as event, p_id as id,
                greatest(v_used - p_amount, 0)::text as over, p_paper as paper,
                p_purpose as purpose, p_unit as unit
        ) as line) || ']}');
    return registry_change_done(p_id, 'adjust', v_asked, json_build_object(
        'refusal', null, 'before_minor', v_book.amount_minor, 'amount_minor', p_amount,
        'free_minor', greatest(p_amount - v_used, 0), 'over_minor', greatest(v_used - p_amount, 0)
    )::text, v_entry);
end $$;

create or replace function registry_name_refusal(p_paper text) returns text
language sql stable
return case when exists (select from registry_paper where key = p_paper)
    then 'several-values' else 'unknown-capacity' end;

-- Stop new holds and commitments on a value, for every purpose, or (p_because is NULL) allow them.
create or replace function registry_freeze(
    p_now timestamptz, p_id uuid, p_paper text, p_because text
) returns text
language plpgsql as $$
declare
    v_event constant text := case when p_because is null then 'thawed' else 'frozen' end;
    v_asked constant text := jsonb_build_array(v_event, p_paper, p_because);
    v_answer text;
    v_capacity bigint;
    v_entry bigint;
begin
    perform registry_check_call(p_now);
    perform registry_lock_changes();
    v_answer := registry_change_before(p_id, v_asked);
    if v_answer is not null then
        return v_answer;
    end if;
    select capacity_id into v_capacity from registry_paper where key = p_paper;
    if v_capacity is null then
        return registry_change_done(p_id, v_event, v_asked,
            json_build_object('refusal', registry_name_refusal(p_paper))::text, null);
    end if;
    -- Who is being granted something on it now is waited for; who comes later sees it frozen.
    perform 1 from registry_book where capacity_id = v_capacity order by purpose for update;
    update registry_capacity set frozen_because = p_because where id = v_capacity;
    select entry_id into v_entry from journal_append('registry.' || v_event, p_now,
        '{"at":"' || canonical_time(p_now) || '","because":' || canonical(p_because) || ',"lines":['
        || (select row_to_json(line) from (
            select v_capacity::text as capacity, v_event as event, p_id as id, p_paper as paper
        ) as line) || ']}');
    return registry_change_done(p_id, v_event, v_asked,
        json_build_object('refusal', null, 'state', v_event)::text, v_entry);
end $$;

-- Several values become one: lists are folded into the declaration that customs makes of them.
-- Amounts, holds, commitments and what is spent go over, for every purpose; no sum changes.
create or replace function registry_fold(
    p_now timestamptz, p_id uuid, p_into text, p_parts text[]
) returns text
language plpgsql as $$
declare
    v_asked constant text := jsonb_build_array(p_into, p_parts);
    v_answer text;
    v_parts bigint[];
    v_target bigint;
    v_refusal text;
    v_entry bigint;
begin
    perform registry_check_call(p_now);
    perform registry_lock_changes();
    v_answer := registry_change_before(p_id, v_asked);
    if v_answer is not null then
        return v_answer;
    end if;
    select c.id into v_target from registry_capacity as c where c.paper = p_into;
    -- What is folded into it already needs no folding.
    select array_agg(distinct p.capacity_id) into v_parts
    from registry_paper as p
    where p.key = any (p_parts) and p.capacity_id is distinct from v_target;
    select json_build_object('refusal', told.refusal, 'paper', told.paper)::text into v_answer
    from (
        select 1 as place, 'unknown-capacity' as refusal, given.paper
        from unnest(p_parts) as given (paper)
        where not exists (select from registry_paper as p where p.key = given.paper)
        union all
        select 2, 'several-values', p.key
        from registry_paper as p where p.key = any (p_parts) and p.capacity_id is null
        union all
        select 3, case
                when c.frozen_because is not null then 'frozen'
                when c.unit <> (
                    select min(other.unit) from registry_capacity as other
                    where other.id = any (v_parts || v_target)
                ) then 'unit-differs'
                else 'folded-already'
            end, c.paper
        from registry_capacity as c
        where c.id = any (v_parts || v_target) and (
            c.frozen_because is not null
            or c.unit <> (
                select min(other.unit) from registry_capacity as other
                where other.id = any (v_parts || v_target)
            )
            or c.id is distinct from v_target and exists (
                select from registry_capacity as child where child.folded_into_id = c.id
            )
        )
        union all
        select 5, 'name-taken', p_into
        from registry_paper as p
        where p.key = p_into and p.capacity_id is distinct from v_target
            and p.capacity_id <> all (coalesce(v_parts, '{}'))
        union all
        -- What is used beyond an amount can only become less, so no book will overflow.
        (select 6, 'too-large', p_into
        from registry_book as b
        where b.capacity_id = any (v_parts || v_target)
        group by b.purpose
        having sum(greatest(
            b.amount_minor, b.held_minor::numeric + b.committed_minor + b.spent_minor
        )) > 9223372036854775807)
        union all
        select 4, 'has-its-own-value', p_into
        from registry_capacity as c
        where c.id = v_target and not exists (
            select from registry_capacity as child where child.folded_into_id = c.id
        )
    ) as told
    order by told.place, told.paper
    limit 1;
    if v_answer is not null then
        return registry_change_done(p_id, 'fold', v_asked, v_answer, null);
    end if;
    if v_parts is null then
        return registry_change_done(p_id, 'fold', v_asked,
            json_build_object('refusal', null, 'parts', 0)::text, null);
    end if;

    if v_target is null then
        insert into registry_capacity (paper, unit, opened_at)
        select p_into, min(c.unit), p_now from registry_capacity as c where c.id = any (v_parts)
        returning id into v_target;
    end if;
    insert into registry_book (capacity_id, purpose, amount_minor)
    select distinct v_target, b.purpose, 0
    from registry_book as b where b.capacity_id = any (v_parts)
    on conflict do nothing;
    perform 1 from registry_book as b
    where b.capacity_id = any (v_parts || v_target)
    order by b.capacity_id, b.purpose for update;

    select entry_id into v_entry from journal_append('registry.folded', p_now, (
        select '{"at":"' || canonical_time(p_now) || '","into":' || canonical(p_into)
            || ',"lines":[' || string_agg(
                row_to_json(line)::text, ',' order by b.capacity_id, b.purpose, d.sign) || ']}'
        from registry_book as b
        cross join lateral (
            select greatest(0, sum(
                w.held_minor::numeric + w.committed_minor + w.spent_minor - w.amount_minor
            )) as over
            from registry_book as w
            where w.capacity_id = any (v_parts || v_target) and w.purpose = b.purpose
        ) as whole
        cross join lateral (
            values (-1, b.capacity_id, 0), (1, v_target, whole.over)
        ) as d (sign, capacity_id, over)
        cross join lateral (
            select
                (d.sign * b.amount_minor)::text as amount, d.capacity_id::text as capacity,
                (d.sign * b.committed_minor)::text as committed, 'folded' as event,
                (d.sign * b.held_minor)::text as held, p_id as id, d.over::text as over, b.purpose,
                (d.sign * b.spent_minor)::text as spent
        ) as line
        where b.capacity_id = any (v_parts)
    ));
    update registry_book as target
    set amount_minor = target.amount_minor + part.amount,
        own_minor = target.own_minor + part.amount,
        held_minor = target.held_minor + part.held,
        committed_minor = target.committed_minor + part.committed,
        spent_minor = target.spent_minor + part.spent,
        live_holds = target.live_holds + part.live,
        over_used_since = case
            when target.amount_minor + part.amount < target.held_minor + target.committed_minor
                + target.spent_minor + part.held + part.committed + part.spent
            then coalesce(target.over_used_since, part.over_used_since, p_now) end
    from (
        select b.purpose, sum(b.amount_minor)::bigint as amount, sum(b.held_minor)::bigint as held,
            sum(b.committed_minor)::bigint as committed, sum(b.spent_minor)::bigint as spent,
            sum(b.live_holds)::integer as live, min(b.over_used_since) as over_used_since
        from registry_book as b where b.capacity_id = any (v_parts)
        group by b.purpose
    ) as part
    where target.capacity_id = v_target and target.purpose = part.purpose;
    update registry_book
    set amount_minor = 0, held_minor = 0, committed_minor = 0, spent_minor = 0, live_holds = 0,
        over_used_since = null
    where capacity_id = any (v_parts);
    update registry_hold set capacity_id = v_target
    where capacity_id = any (v_parts) and state in ('held', 'committed');
    update registry_paper set capacity_id = v_target where capacity_id = any (v_parts);
    insert into registry_paper (key, capacity_id) values (p_into, v_target)
    on conflict (key) do update set capacity_id = excluded.capacity_id;
    update registry_capacity set folded_into_id = v_target where id = any (v_parts);
    -- Lists of one declaration are no twins of one another; the others' are the declaration's.
    delete from registry_twin as t
    using registry_capacity as one, registry_capacity as other
    where one.id = t.one_id and other.id = t.other_id
        and one.folded_into_id = v_target and other.folded_into_id = v_target;
    perform registry_count_twins(array(
        select c.id from registry_capacity as c where c.folded_into_id = v_target
    ));
    return registry_change_done(p_id, 'fold', v_asked,
        json_build_object('refusal', null, 'parts', cardinality(v_parts))::text, v_entry);
end $$;
