-- What is left of payments goes to what is open, by the rule of its day.
--
-- Each function gives what it moved: from a payment to a receivable, below zero for what went back.
-- Who calls them holds the locks of the sellers.

-- Write down that payments clear receivables; a payment that comes to one again adds to it.
create or replace function receivables_put(
    p_payments text[], p_receivables bigint[], p_minors bigint[], p_rules text[]
) returns table (
    payment text, trade text, seller text, buyer text, currency text, minor bigint, counts_on date,
    rule text
)
language plpgsql as $$
#variable_conflict use_column
begin
    insert into receivables_application as a
        (payment_id, receivable_id, amount_minor, counts_on, rule)
    select g.payment, g.receivable, g.minor, greatest(p.paid_on, r.shipped_on), g.rule
    from unnest(p_payments, p_receivables, p_minors, p_rules) as g (payment, receivable, minor, rule)
    join receivables_payment as p on p.id = g.payment
    join receivables_receivable as r on r.id = g.receivable
    on conflict (payment_id, receivable_id) do update
    set amount_minor = a.amount_minor + excluded.amount_minor;

    update receivables_receivable as r
    set paid_minor = r.paid_minor + s.minor
    from (
        select g.receivable, sum(g.minor)::bigint as minor
        from unnest(p_receivables, p_minors) as g (receivable, minor) group by g.receivable
    ) as s
    where r.id = s.receivable;

    update receivables_payment as p
    set left_minor = p.left_minor - s.minor
    from (
        select g.payment, sum(g.minor)::bigint as minor
        from unnest(p_payments, p_minors) as g (payment, minor) group by g.payment
    ) as s
    where p.id = s.payment;

    return query
    select
        g.payment, r.trade, r.seller, r.buyer, r.currency, g.minor,
        greatest(p.paid_on, r.shipped_on), g.rule
    from unnest(p_payments, p_receivables, p_minors, p_rules) with ordinality
        as g (payment, receivable, minor, rule, i)
    join receivables_payment as p on p.id = g.payment
    join receivables_receivable as r on r.id = g.receivable
    order by g.i;
end $$;

-- The oldest debt first: payments in the order in which they were told, debts by their age, each
-- walked through once side by side. As a join it would be planned by guess, and take minutes.
create or replace function receivables_oldest_first(p_sellers text[], p_buyers text[])
returns table (
    payment text, trade text, seller text, buyer text, currency text, minor bigint, counts_on date,
    rule text
)
language plpgsql as $$
#variable_conflict use_column
declare
    v_owing no scroll cursor for
        select r.id, concat_ws(E'\x1f', r.seller, r.buyer, r.currency) collate "C" as of,
            r.amount_minor - r.credited_minor - r.paid_minor as size
        from (
            select distinct p.seller, p.buyer
            from (select distinct g.seller, g.buyer from unnest(p_sellers, p_buyers) as g (seller, buyer)) as pair
            join receivables_payment as p on p.seller = pair.seller and p.buyer = pair.buyer
            where p.left_minor > 0 and p.withdrawn_at is null
        ) as waiting
        join receivables_receivable as r
            on r.seller = waiting.seller and r.buyer = waiting.buyer
        where r.amount_minor > r.credited_minor + r.paid_minor
        order by 2, r.shipped_on, r.trade collate "C";
    v_open record;
    v_paid record;
    v_left bigint;
    v_part bigint;
    v_payments text[] = '{}';
    v_receivables bigint[] = '{}';
    v_minors bigint[] = '{}';
begin
    open v_owing;
    fetch v_owing into v_open;
    for v_paid in
        select p.id, concat_ws(E'\x1f', p.seller, p.buyer, p.currency) collate "C" as of, p.left_minor as size
        from (select distinct g.seller, g.buyer from unnest(p_sellers, p_buyers) as g (seller, buyer)) as pair
        join receivables_payment as p on p.seller = pair.seller and p.buyer = pair.buyer
        left join receivables_loss as l on l.seller = p.seller and l.buyer = p.buyer
        where p.left_minor > 0 and p.withdrawn_at is null
            and (l.loss_on is null or p.paid_on < l.loss_on)
        order by 2, p.arrival
    loop
        v_left = v_paid.size;
        while v_left > 0 and v_open.of <= v_paid.of collate "C" loop
            if v_open.of = v_paid.of then
                v_part = least(v_left, v_open.size);
                v_payments = array_append(v_payments, v_paid.id);
                v_receivables = array_append(v_receivables, v_open.id);
                v_minors = array_append(v_minors, v_part);
                v_left = v_left - v_part;
                v_open.size = v_open.size - v_part;
            end if;
            if v_open.size = 0 or v_open.of <> v_paid.of then
                fetch v_owing into v_open;
            end if;
        end loop;
    end loop;
    close v_owing;

    if v_payments <> '{}' then
        return query select * from receivables_put(
            v_payments, v_receivables, v_minors,
            array_fill('oldest-first'::text, array[cardinality(v_payments)])
        );
    end if;
end $$;

-- One payment before the loss, where a scheme lets the buyer say what it is for: that one first.
create or replace function receivables_as_named(p_payment text)
returns table (
    payment text, trade text, seller text, buyer text, currency text, minor bigint, counts_on date,
    rule text
)
language plpgsql as $$
#variable_conflict use_column
declare
    v_receivables bigint[];
    v_minors bigint[];
    v_rules text[];
begin
    select array_agg(o.id order by o.upto), array_agg(least(o.size, o.paid - o.upto + o.size)::bigint order by o.upto),
        array_agg(case when o.is_named then 'as-named' else 'oldest-first' end order by o.upto)
    into v_receivables, v_minors, v_rules
    from (
        select
            r.id, p.left_minor as paid, r.amount_minor - r.credited_minor - r.paid_minor as size,
            coalesce(r.trade = p.names, false) as is_named,
            sum(r.amount_minor - r.credited_minor - r.paid_minor) over (
                order by coalesce(r.trade = p.names, false) desc, r.shipped_on, r.trade collate "C"
            ) as upto
        from receivables_payment as p
        join receivables_receivable as r
            on r.seller = p.seller and r.buyer = p.buyer and r.currency = p.currency
        where p.id = p_payment and r.amount_minor > r.credited_minor + r.paid_minor
    ) as o
    where o.upto - o.size < o.paid;

    if v_receivables is not null then
        return query select * from receivables_put(
            array_fill(p_payment, array[cardinality(v_receivables)]), v_receivables, v_minors, v_rules
        );
    end if;
end $$;

-- One payment after the loss: shared by what is open, each share rounded down, the odd units to the
-- oldest that can take them. What was shipped after the payment has a part only in what is left.
create or replace function receivables_pro_rata(p_payment text)
returns table (
    payment text, trade text, seller text, buyer text, currency text, minor bigint, counts_on date,
    rule text
)
language plpgsql as $$
#variable_conflict use_column
declare
    v_receivables bigint[];
    v_minors bigint[];
begin
    with
        owing as (
            select
                r.id, r.shipped_on, r.trade, p.left_minor::numeric as paid,
                (r.amount_minor - r.credited_minor - r.paid_minor)::numeric as size,
                r.shipped_on > p.paid_on as is_later
            from receivables_payment as p
            join receivables_receivable as r
                on r.seller = p.seller and r.buyer = p.buyer and r.currency = p.currency
            where p.id = p_payment and r.amount_minor > r.credited_minor + r.paid_minor
        ),
        summed as (
            select o.*, sum(o.size) over (partition by o.is_later) as total,
                coalesce(sum(o.size) filter (where not o.is_later) over (), 0) as first
            from owing as o
        ),
        given as (
            select s.*, least(s.total, case when s.is_later then greatest(s.paid - s.first, 0) else s.paid end) as give
            from summed as s
        ),
        shared as (
            select g.*, div(g.give * g.size, g.total) as share,
                g.give - sum(div(g.give * g.size, g.total)) over (partition by g.is_later) as odd
            from given as g
        ),
        filled as (
            select s.*, s.share + greatest(0, least(s.size - s.share, s.odd - coalesce(sum(s.size - s.share) over (
                partition by s.is_later order by s.shipped_on, s.trade collate "C"
                rows between unbounded preceding and 1 preceding
            ), 0))) as minor
            from shared as s
        )
    select array_agg(f.id order by f.shipped_on, f.trade collate "C"),
        array_agg(f.minor::bigint order by f.shipped_on, f.trade collate "C")
    into v_receivables, v_minors
    from filled as f
    where f.minor > 0;

    if v_receivables is not null then
        return query select * from receivables_put(
            array_fill(p_payment, array[cardinality(v_receivables)]), v_receivables, v_minors,
            array_fill('pro-rata'::text, array[cardinality(v_receivables)])
        );
    end if;
end $$;

-- Apply all that is left of the payments of these pairs: those of before the loss, then recoveries.
create or replace function receivables_spread(p_sellers text[], p_buyers text[], p_rule text)
returns table (
    payment text, trade text, seller text, buyer text, currency text, minor bigint, counts_on date,
    rule text
)
language plpgsql as $$
#variable_conflict use_column
declare
    v_payment text;
begin
    if p_rule = 'as-named' then
        for v_payment in
            select p.id
            from receivables_payment as p
            left join receivables_loss as l on l.seller = p.seller and l.buyer = p.buyer
            where p.left_minor > 0 and p.withdrawn_at is null
                and (p.seller, p.buyer) in (select * from unnest(p_sellers, p_buyers))
                and (l.loss_on is null or p.paid_on < l.loss_on)
            order by p.arrival
        loop
            return query select * from receivables_as_named(v_payment);
        end loop;
    else
        return query select * from receivables_oldest_first(p_sellers, p_buyers);
    end if;
    for v_payment in
        select p.id
        from receivables_payment as p
        join receivables_loss as l on l.seller = p.seller and l.buyer = p.buyer
        where p.left_minor > 0 and p.withdrawn_at is null and p.paid_on >= l.loss_on
            and (p.seller, p.buyer) in (select * from unnest(p_sellers, p_buyers))
        order by p.paid_on, p.arrival
    loop
        return query select * from receivables_pro_rata(v_payment);
    end loop;
end $$;
