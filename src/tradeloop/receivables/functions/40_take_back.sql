-- What was applied goes back to its payment, or to the bank.

-- Recoveries of these pairs are left over again, to be shared anew.
create or replace function receivables_take_back(p_sellers text[], p_buyers text[])
returns table (
    payment text, trade text, seller text, buyer text, currency text, minor bigint, counts_on date,
    rule text
)
language plpgsql as $$
#variable_conflict use_column
begin
    return query
    with
        gone as (
            delete from receivables_application as a
            using receivables_payment as p, receivables_loss as l
            where p.id = a.payment_id and l.seller = p.seller and l.buyer = p.buyer
                and p.withdrawn_at is null and p.paid_on >= l.loss_on
                and (p.seller, p.buyer) in (select * from unnest(p_sellers, p_buyers))
            returning a.payment_id, a.receivable_id, a.amount_minor, a.counts_on, a.rule
        ),
        owing as (
            update receivables_receivable as r
            set paid_minor = r.paid_minor - s.minor
            from (select receivable_id, sum(amount_minor)::bigint as minor from gone group by 1) as s
            where r.id = s.receivable_id
            returning r.id, r.trade, r.seller, r.buyer, r.currency
        ),
        waiting as (
            update receivables_payment as p
            set left_minor = p.left_minor + s.minor
            from (select payment_id, sum(amount_minor)::bigint as minor from gone group by 1) as s
            where p.id = s.payment_id
        )
    select
        g.payment_id, o.trade, o.seller, o.buyer, o.currency, -g.amount_minor, g.counts_on, g.rule
    from gone as g join owing as o on o.id = g.receivable_id
    order by g.payment_id, o.trade;
end $$;

-- The bank took a payment back: what it cleared is owed again, and all of it is left, for nobody.
-- Its applications go: the journal has them, and no reader can count them by mistake.
create or replace function receivables_withdraw(p_at timestamptz, p_payment text)
returns table (
    payment text, trade text, seller text, buyer text, currency text, minor bigint, counts_on date,
    rule text
)
language plpgsql as $$
#variable_conflict use_column
begin
    update receivables_payment set withdrawn_at = p_at, left_minor = amount_minor
    where id = p_payment;
    return query
    with
        gone as (
            delete from receivables_application as a where a.payment_id = p_payment
            returning a.receivable_id, a.amount_minor, a.counts_on, a.rule
        ),
        owing as (
            update receivables_receivable as r
            set paid_minor = r.paid_minor - g.amount_minor
            from gone as g
            where r.id = g.receivable_id
            returning r.id, r.trade, r.seller, r.buyer, r.currency, r.shipped_on
        )
    select
        p_payment, o.trade, o.seller, o.buyer, o.currency, -g.amount_minor, g.counts_on, g.rule
    from gone as g join owing as o on o.id = g.receivable_id
    order by o.shipped_on, o.trade collate "C";
end $$;
