-- Who writes to the receivables of a seller does so alone, and nobody waits in a circle.

-- One order for receivables and payments together: in which we heard of them.
create sequence if not exists receivables_arrival;

-- One of 256 locks for each name, taken in one order; they end with the transaction. A lock for
-- each pair would fill the server's table of locks where a call opens a town's season.
create or replace function receivables_lock(p_names text[]) returns void
language plpgsql as $$
declare
    v_stripe integer;
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'The transaction is %; receivables are written at read committed, where it sees '
            'what others did while it waited. Open it so and call again; nothing was written.',
            current_setting('transaction_isolation')
            using errcode = 'TL003';
    end if;
    for v_stripe in
        select distinct abs(hashtext(g.name) % 256) from unnest(p_names) as g (name) order by 1
    loop
        perform pg_advisory_xact_lock(7216101, v_stripe);
    end loop;
end $$;
