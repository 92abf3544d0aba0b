-- Receivables and payments come in, many at once: one answer for each line, in their order.
--
-- An answer is `new`, `known` (the same was said before) or `other-content`. A line that is refused
-- stops no other. All new lines of a call are one fact.

create or replace function receivables_open(
    p_at timestamptz, p_trades text[], p_sellers text[], p_buyers text[], p_currencies text[],
    p_amounts bigint[], p_shipped date[], p_due date[]
) returns table (outcome text, made_by bigint)
language plpgsql as $$
#variable_conflict use_column
declare
    v_new bigint[];
    v_entry bigint;
begin
    perform receivables_lock(p_sellers);
    select array_agg(fresh.i) into v_new
    from (
        select distinct on (g.trade) g.i
        from unnest(p_trades) with ordinality as g (trade, i)
        where not exists (select from receivables_receivable as r where r.trade = g.trade)
        order by g.trade, g.i
    ) as fresh;

    if v_new is not null then
        select entry_id into v_entry
        from journal_append('receivables.opened', p_at, (
            select '{"columns":["trade","buyer","currency","amount_minor","shipped_on","due_on"],"lines":['
                || string_agg(
                    '[' || canonical(g.trade) || ',' || canonical(g.buyer) || ',"' || g.currency
                    || '","' || g.amount || '","' || to_char(g.shipped_on, 'YYYY-MM-DD') || '","'
                    || to_char(g.due_on, 'YYYY-MM-DD') || '"]', ',' order by g.i
                ) || ']}'
            from unnest(p_trades, p_buyers, p_currencies, p_amounts, p_shipped, p_due)
                with ordinality as g (trade, buyer, currency, amount, shipped_on, due_on, i)
            where g.i in (select unnest(v_new))
        ));
        insert into receivables_receivable (
            trade, seller, buyer, currency, amount_minor, credited_minor, paid_minor, shipped_on,
            due_on, arrival, opened_at, made_by
        )
        select
            g.trade, g.seller, g.buyer, g.currency, g.amount, 0, 0, g.shipped_on, g.due_on,
            nextval('receivables_arrival'), p_at, v_entry
        from unnest(p_trades, p_sellers, p_buyers, p_currencies, p_amounts, p_shipped, p_due)
            with ordinality as g (trade, seller, buyer, currency, amount, shipped_on, due_on, i)
        where g.i in (select unnest(v_new))
        order by g.i;
    end if;

    return query
    select
        case
            when g.i in (select unnest(v_new)) then 'new'
            when (g.seller, g.buyer, g.currency, g.amount, g.shipped_on, g.due_on)
                = (r.seller, r.buyer, r.currency, r.amount_minor, r.shipped_on, r.due_on) then 'known'
            else 'other-content'
        end,
        r.made_by
    from unnest(p_trades, p_sellers, p_buyers, p_currencies, p_amounts, p_shipped, p_due)
        with ordinality as g (trade, seller, buyer, currency, amount, shipped_on, due_on, i)
    join receivables_receivable as r on r.trade = g.trade
    order by g.i;
end $$;

-- A payment comes in with all of it left; `receivables_spread` applies it.
create or replace function receivables_take_in(
    p_at timestamptz, p_ids text[], p_sellers text[], p_buyers text[], p_currencies text[],
    p_amounts bigint[], p_paid date[], p_named text[]
) returns table (outcome text, made_by bigint)
language plpgsql as $$
#variable_conflict use_column
declare
    v_new bigint[];
    v_entry bigint;
begin
    -- By id too: one id under two sellers at once is one payment and one refusal.
    perform receivables_lock(p_sellers || p_ids);
    select array_agg(fresh.i) into v_new
    from (
        select distinct on (g.id) g.i
        from unnest(p_ids) with ordinality as g (id, i)
        where not exists (select from receivables_payment as p where p.id = g.id)
        order by g.id, g.i
    ) as fresh;

    if v_new is not null then
        select entry_id into v_entry
        from journal_append('receivables.paid', p_at, (
            select '{"columns":["id","seller","buyer","currency","amount_minor","paid_on","names"],"lines":['
                || string_agg(
                    '[' || canonical(g.id) || ',' || canonical(g.seller) || ',' || canonical(g.buyer)
                    || ',"' || g.currency || '","' || g.amount || '","'
                    || to_char(g.paid_on, 'YYYY-MM-DD') || '",' || canonical(g.named) || ']',
                    ',' order by g.i
                ) || ']}'
            from unnest(p_ids, p_sellers, p_buyers, p_currencies, p_amounts, p_paid, p_named)
                with ordinality as g (id, seller, buyer, currency, amount, paid_on, named, i)
            where g.i in (select unnest(v_new))
        ));
        insert into receivables_payment (
            id, seller, buyer, currency, amount_minor, left_minor, paid_on, names, arrival, made_by
        )
        select
            g.id, g.seller, g.buyer, g.currency, g.amount, g.amount, g.paid_on, g.named,
            nextval('receivables_arrival'), v_entry
        from unnest(p_ids, p_sellers, p_buyers, p_currencies, p_amounts, p_paid, p_named)
            with ordinality as g (id, seller, buyer, currency, amount, paid_on, named, i)
        where g.i in (select unnest(v_new))
        order by g.i;
    end if;

    return query
    select
        case
            when g.i in (select unnest(v_new)) then 'new'
            when (g.seller, g.buyer, g.currency, g.amount, g.paid_on, coalesce(g.named, ''))
                = (p.seller, p.buyer, p.currency, p.amount_minor, p.paid_on, coalesce(p.names, ''))
                then 'known'
            else 'other-content'
        end,
        p.made_by
    from unnest(p_ids, p_sellers, p_buyers, p_currencies, p_amounts, p_paid, p_named)
        with ordinality as g (id, seller, buyer, currency, amount, paid_on, named, i)
    join receivables_payment as p on p.id = g.id
    order by g.i;
end $$;
