-- The same goods under another number: values whose number, amount or parties agree.
--
-- Numbers and parties come as keyed tokens, so nothing can be read here. Two values of one unit are
-- possible twins if at least p_agree_min of number, amount (within a tolerance) and parties agree.
-- Returns how many values have twins that had none before.

create or replace function registry_fingerprint(
    p_now timestamptz, p_papers text[], p_fields text[], p_tokens bytea[], p_amounts bigint[],
    p_tolerance_bp integer, p_agree_min integer
) returns integer
language plpgsql as $$
#variable_conflict use_column
declare
    v_mine bigint[];
    v_touched bigint[];
begin
    perform registry_check_call(p_now);
    perform registry_lock_changes();
    select array_agg(distinct c.id) into v_mine
    from registry_capacity as c where c.paper = any (p_papers);

    with given as (
        select distinct on (c.id, g.field) c.id, g.field, g.token, g.amount
        from unnest(p_papers, p_fields, p_tokens, p_amounts) as g (paper, field, token, amount)
        join registry_capacity as c on c.paper = g.paper
        order by c.id, g.field, g.token
    )
    insert into registry_fingerprint as f (capacity_id, field, token, amount_minor)
    select id, field, token, amount from given
    on conflict (capacity_id, field) do update
    set token = excluded.token, amount_minor = excluded.amount_minor
    where (f.token, f.amount_minor) is distinct from (excluded.token, excluded.amount_minor);

    with gone as (
        delete from registry_twin where one_id = any (v_mine) or other_id = any (v_mine)
        returning one_id, other_id
    ),
    pairs as (
        -- Through the index: the same number whatever the amount, the same parties near it.
        select m.capacity_id as mine, f.capacity_id as other
        from registry_fingerprint as m
        join registry_fingerprint as f on f.field = m.field and f.token = m.token
        where m.capacity_id = any (v_mine) and m.field = 'number'
        union
        select m.capacity_id, f.capacity_id
        from registry_fingerprint as m
        join registry_fingerprint as f on f.field = m.field and f.token = m.token
            and f.amount_minor between
                m.amount_minor - m.amount_minor / 10000 * p_tolerance_bp - p_tolerance_bp
                and least(
                    m.amount_minor::numeric + m.amount_minor / 10000 * p_tolerance_bp
                        + p_tolerance_bp,
                    9223372036854775807
                )::bigint
        where m.capacity_id = any (v_mine) and m.field = 'parties'
    ),
    compared as (
        select distinct
            least(p.mine, p.other) as one_id, greatest(p.mine, p.other) as other_id,
            exists (
                select from registry_fingerprint as a
                join registry_fingerprint as b on b.field = a.field and b.token = a.token
                where a.capacity_id = p.mine and b.capacity_id = p.other and a.field = 'number'
            ) as number,
            (
                select bool_and(abs(a.amount_minor - b.amount_minor)::numeric * 10000
                    <= greatest(a.amount_minor, b.amount_minor)::numeric * p_tolerance_bp)
                from registry_fingerprint as a, registry_fingerprint as b
                where a.capacity_id = p.mine and b.capacity_id = p.other
            ) as amount,
            exists (
                select from registry_fingerprint as a
                join registry_fingerprint as b on b.field = a.field and b.token = a.token
                where a.capacity_id = p.mine and b.capacity_id = p.other and a.field = 'parties'
            ) as parties
        from pairs as p
        join registry_capacity as c on c.id = p.mine
        join registry_capacity as d on d.id = p.other and d.unit = c.unit
        where p.mine <> p.other
            -- What is proven no longer, and lists of one declaration, are no twins.
            and (select min(amount_minor) from registry_fingerprint as z
                where z.capacity_id in (p.mine, p.other)) > 0
            and coalesce(c.folded_into_id, c.id) <> coalesce(d.folded_into_id, d.id)
    ),
    made as (
        insert into registry_twin (one_id, other_id, agree, differ, seen_at)
        select
            one_id, other_id,
            concat_ws(' ', case when number then 'number' end, case when amount then 'amount' end,
                case when parties then 'parties' end),
            concat_ws(' ', case when not number then 'number' end,
                case when not amount then 'amount' end, case when not parties then 'parties' end),
            p_now
        from compared
        where number::integer + amount::integer + parties::integer >= p_agree_min
        on conflict (one_id, other_id) do update
        set agree = excluded.agree, differ = excluded.differ
        returning one_id, other_id
    )
    select array_agg(distinct side.id) into v_touched
    from (select one_id, other_id from gone union select one_id, other_id from made) as pair
    cross join lateral (values (pair.one_id), (pair.other_id)) as side (id);

    return registry_count_twins(v_touched);
end $$;

-- Count the twins of some values anew, and of the declarations that they were folded into, whose
-- twins are those of their lists. Returns how many have others now, and some.
create or replace function registry_count_twins(p_ids bigint[]) returns integer
language sql as $$
    with touched as (
        select id from registry_capacity where id = any (p_ids)
        union
        select folded_into_id from registry_capacity
        where id = any (p_ids) and folded_into_id is not null
    ),
    counted as (
        select touched.id, (
            select count(distinct t.one_id + t.other_id - c.id)::integer
            from registry_capacity as c join registry_twin as t on c.id in (t.one_id, t.other_id)
            where c.id = touched.id or c.folded_into_id = touched.id
        ) as twins
        from touched
    ),
    changed as (
        update registry_capacity as c set twins = counted.twins
        from counted where c.id = counted.id and c.twins <> counted.twins
        returning c.twins
    )
    select count(*) filter (where twins > 0)::integer from changed
$$;
