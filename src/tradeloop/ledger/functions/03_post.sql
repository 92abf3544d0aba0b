-- The ledger's one writer: many entries in one call, all or none, each at most once.

-- Entries as they come: RFC 8785 text, of which the digest is taken before it is read.
create or replace function ledger_given(p_entries text[])
returns table (place bigint, key text, digest bytea, body jsonb)
language sql immutable
begin atomic
    select g.place, g.body::jsonb ->> 'key', sha256(convert_to(g.body, 'UTF8')), g.body::jsonb
    from unnest(p_entries) with ordinality as g (body, place);
end;

-- Gives one row for each entry, in their order; `posted_at` is when it came first.
create or replace function ledger_post(p_at timestamptz, p_entries text[])
returns table (key text, digest bytea, posted_at timestamptz, is_new boolean)
language plpgsql as $$
#variable_conflict use_column
declare
    v_new bigint[];
    v_undo bigint[];
    v_undoes boolean;  -- most calls undo nothing
    v_key text;
    v_of text;
begin
    -- Sorted by key: two writers with the same keys wait in one order.
    with
        given as (select distinct on (g.key) g.* from ledger_given(p_entries) as g order by g.key, g.place),
        added as (
            insert into ledger_entry (key, booked_on, why, posted_at, digest, lines)
            select g.key, (g.body ->> 'on')::date, g.body ->> 'why', p_at, g.digest, jsonb_array_length(g.body -> 'postings')
            from given as g
            where g.body ->> 'reverses' is null
            order by g.key
            on conflict do nothing
            returning id
        )
    select array_agg(id) into v_new from added;

    v_undoes := exists (select from ledger_given(p_entries) as g where g.body ->> 'reverses' is not null);
    if v_undoes then
        select g.key, g.body ->> 'reverses' into v_key, v_of
        from ledger_given(p_entries) as g
        where g.body ->> 'reverses' is not null
          and not exists (select from ledger_entry as o where o.key = g.body ->> 'reverses')
        limit 1;
        if found then
            raise exception 'Entry % cannot undo %: no entry has that key. Look it up in the statement of one of its accounts.', v_key, v_of
                using errcode = 'LG003';
        end if;

        with
            given as (select distinct on (g.key) g.* from ledger_given(p_entries) as g order by g.key, g.place),
            added as (
                insert into ledger_entry (key, booked_on, why, posted_at, digest, lines, reverses_id)
                select g.key, (g.body ->> 'on')::date, g.body ->> 'why', p_at, g.digest, jsonb_array_length(g.body -> 'postings'), o.id
                from given as g
                join ledger_entry as o on o.key = g.body ->> 'reverses'
                order by g.key
                on conflict do nothing
                returning id
            )
        select array_agg(id) into v_undo from added;
    end if;
    v_new := coalesce(v_new, '{}') || coalesce(v_undo, '{}');

    select g.key into v_key
    from ledger_given(p_entries) as g
    join ledger_entry as e on e.key = g.key
    where e.digest <> g.digest
    limit 1;
    if found then
        raise exception 'Key % was used before for another entry. Send that entry again unchanged, or take a new key.', v_key
            using errcode = 'LG001';
    end if;

    if v_undoes then
        -- What still has no row was kept out by the other undo of the same entry.
        select g.body ->> 'reverses', u.key into v_of, v_key
        from ledger_given(p_entries) as g
        left join ledger_entry as e on e.key = g.key
        join ledger_entry as o on o.key = g.body ->> 'reverses'
        join ledger_entry as u on u.reverses_id = o.id
        where e.id is null
        limit 1;
        if found then
            raise exception 'Entry % is undone already, by %. Nothing is left to take back.', v_of, v_key
                using errcode = 'LG002';
        end if;
    end if;

    if v_new <> '{}' then
        perform ledger_add_postings(p_entries, v_new);
    end if;

    return query
    select g.key, g.digest, e.posted_at, e.id in (select unnest(v_new))
    from ledger_given(p_entries) as g
    join ledger_entry as e on e.key = g.key
    order by g.place;
end $$;

-- The second half of ledger_post: accounts as they are first named, then all postings at once.
create or replace function ledger_add_postings(p_entries text[], p_new bigint[]) returns void
language plpgsql as $$
begin
    insert into ledger_account (name)
    select distinct side.name
    from ledger_given(p_entries) as g
    cross join jsonb_array_elements(g.body -> 'postings') as p (body)
    cross join lateral (values (p.body ->> 'debit'), (p.body ->> 'credit')) as side (name)
    where not exists (select from ledger_account as a where a.name = side.name)
    order by side.name
    on conflict do nothing;

    insert into ledger_posting (entry_id, line, debit_id, credit_id, currency_id, minor, booked_on)
    select e.id, p.line, d.id, c.id, p.body ->> 'currency', (p.body ->> 'minor')::bigint, e.booked_on
    from (select distinct on (g.key) g.* from ledger_given(p_entries) as g order by g.key, g.place) as g
    join ledger_entry as e on e.key = g.key
    cross join jsonb_array_elements(g.body -> 'postings') with ordinality as p (body, line)
    join ledger_account as d on d.name = p.body ->> 'debit'
    join ledger_account as c on c.name = p.body ->> 'credit'
    where e.id in (select unnest(p_new))
    order by e.id, p.line;
end $$;
