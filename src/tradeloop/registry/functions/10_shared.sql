-- What the registry's functions share: the clock, how facts are written, what is wrong with a line.

-- A caller whose clock is wrong would free what others hold, or hold what has run out. One whose
-- transaction looks at the past would not see what a lock was waited for, as a freeze.
create or replace function registry_check_call(p_now timestamptz) returns void
language plpgsql as $$
declare
    v_skew_s_max constant integer :=
        nullif(current_setting('tradeloop.clock_skew_s_max', true), '')::integer;
    v_skew_s constant numeric := round(abs(extract(epoch from p_now - clock_timestamp())));
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'The transaction is %; the registry works at read committed, where it sees '
            'what others did while it waited. Open it so and call again; nothing was written.',
            current_setting('transaction_isolation')
            using errcode = 'TL003';
    end if;
    if v_skew_s > v_skew_s_max then
        raise exception 'The caller''s clock says %, the database''s %: % s apart, % are allowed. '
            'Set the clock right and call again; nothing was written.',
            p_now, clock_timestamp(), v_skew_s, v_skew_s_max
            using errcode = 'TL002';
    end if;
end $$;

-- A time as facts write it. Facts are RFC 8785 JSON: the columns of their lines stand in alphabetical
-- order, and numbers are texts, for beyond 2^53 they would lose digits. Each line says what it adds to
-- which figure of which book.
create or replace function canonical_time(p_at timestamptz) returns text
language sql stable parallel safe
return to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');

-- Why a line cannot be granted whatever is free, or NULL; the first reason that holds.
create or replace function registry_hold_refusal(
    p_now timestamptz, p_asked bigint, p_least bigint, p_expires timestamptz, p_unit text,
    p_named boolean, p_capacity bigint, p_open boolean, p_capacity_unit text, p_frozen boolean
) returns text
language sql immutable parallel safe
return case
    when p_asked <= 0 then 'amount-not-positive'
    when p_least <= 0 or p_least > p_asked then 'least-not-within-amount'
    when p_expires <= p_now then 'expires-too-early'
    when not p_named then 'unknown-capacity'
    when p_capacity is null then 'several-values'
    when not p_open then 'no-such-purpose'
    when p_unit <> p_capacity_unit then 'unit-differs'
    when p_frozen then 'frozen'
end;

-- The lines of a call with all that answers need. Their values, and what is free of each book and how many
-- holds live on it, are given as locking them found them; no book: NULL. `book` and `pair` are the places of
-- the first line on the same book, and of the same holder on it.
create or replace function registry_lines(
    p_now timestamptz,
    p_ids uuid[], p_papers text[], p_purposes text[], p_holders text[], p_units text[],
    p_asked bigint[], p_least bigint[], p_expires timestamptz[], p_rates text[],
    p_named boolean[], p_capacities bigint[], p_left bigint[], p_live integer[]
) returns table (
    i bigint, capacity_id bigint, first_i integer, known boolean, refusal text, granted bigint,
    free bigint, others integer, twins integer, book integer, pair integer, start bigint,
    live integer, own integer, folded boolean
)
language sql stable as $$
    with line as (
        select
            a.*, min(a.i) over same_id as first_i,
            (a.paper, a.purpose, a.holder, a.unit, a.asked, a.least, a.expires_at, a.rate)
                is distinct from (
                    first_value(a.paper) over same_id, first_value(a.purpose) over same_id,
                    first_value(a.holder) over same_id, first_value(a.unit) over same_id,
                    first_value(a.asked) over same_id, first_value(a.least) over same_id,
                    first_value(a.expires_at) over same_id, first_value(a.rate) over same_id
                ) as differs
        from unnest(
            p_ids, p_papers, p_purposes, p_holders, p_units, p_asked, p_least, p_expires, p_rates,
            p_named, p_capacities, p_left, p_live
        ) with ordinality as a (
            id, paper, purpose, holder, unit, asked, least, expires_at, rate, named, capacity_id,
            start, live_holds, i
        )
        window same_id as (partition by a.id order by a.i)
    ),
    found as (
        select
            line.*, line.start is not null as open,
            h.id is not null as known,
            (line.paper, line.purpose, line.holder, line.unit, line.asked, line.least,
                line.expires_at, line.rate)
                is distinct from (h.paper, h.purpose, h.holder, h.unit, h.asked_minor,
                    h.least_minor, h.expires_at, h.rate) as reused,
            h.refusal as h_refusal, h.granted_minor, h.free_minor, h.others, h.twins as h_twins,
            c.unit as c_unit, c.frozen_because, c.twins, c.folded_into_id
        from line
        left join registry_hold as h on h.id = line.id
        left join registry_capacity as c on c.id = line.capacity_id and line.start is not null
    ),
    placed as (
        select
            found.*,
            case when open then min(i) over (partition by capacity_id, purpose) end as book,
            case when open then min(i) over (partition by capacity_id, purpose, holder) end as pair
        from found
    )
    select
        i, capacity_id, first_i::integer, known,
        case
            when known and reused then 'id-reused'
            when known then h_refusal
            when differs then 'id-reused'
            else registry_hold_refusal(
                p_now, asked, least, expires_at, unit, named, capacity_id, open, c_unit,
                frozen_because is not null)
        end,
        case when known and not reused then granted_minor else 0 end,
        case
            when known and not reused then free_minor
            when known or differs then 0
            else coalesce(start, 0)
        end,
        case when known and not reused then others else 0 end,
        case
            when known and not reused then h_twins
            when known or differs then 0
            else coalesce(twins, 0)
        end,
        book::integer, pair::integer, start, live_holds,
        case when i = pair then (
            select count(*)::integer from registry_hold as mine
            where mine.capacity_id = placed.capacity_id and mine.purpose = placed.purpose
                and mine.held_by = placed.holder and mine.state in ('held', 'committed')
        ) end,
        folded_into_id is not null
    from placed
$$;
