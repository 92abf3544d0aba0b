-- Moves of a claim: the table of claims/lifecycle.py, which a test compares with this one.
create or replace function claims_allowed(from_state text, to_state text) returns boolean
language sql immutable as $$
    select (from_state, to_state) in (
        ('noticed', 'waiting'), ('noticed', 'claimed'), ('waiting', 'claimed'),
        ('claimed', 'supplement-asked'), ('supplement-asked', 'claimed'),
        ('claimed', 'complete'), ('complete', 'calculated'), ('calculated', 'approved'),
        ('approved', 'agreement-offered'), ('agreement-offered', 'signed'),
        ('signed', 'ordered'), ('ordered', 'paid'), ('paid', 'subrogated'),
        ('subrogated', 'closed'),
        ('calculated', 'calculated'), ('approved', 'calculated'),
        ('agreement-offered', 'calculated'), ('signed', 'calculated'),
        ('claimed', 'stayed'), ('supplement-asked', 'stayed'), ('complete', 'stayed'),
        ('calculated', 'stayed'), ('approved', 'stayed'), ('agreement-offered', 'stayed'),
        ('stayed', 'claimed'),
        ('claimed', 'held'), ('supplement-asked', 'held'), ('complete', 'held'),
        ('calculated', 'held'), ('approved', 'held'), ('agreement-offered', 'held'),
        ('signed', 'held'), ('held', 'claimed'),
        ('claimed', 'refused'), ('supplement-asked', 'refused'), ('complete', 'refused'),
        ('stayed', 'refused'), ('held', 'refused'), ('calculated', 'refused'),
        ('approved', 'refused'), ('refused', 'claimed'),
        ('noticed', 'withdrawn'), ('waiting', 'withdrawn'), ('claimed', 'withdrawn'),
        ('supplement-asked', 'withdrawn'), ('complete', 'withdrawn'), ('stayed', 'withdrawn'),
        ('held', 'withdrawn'), ('calculated', 'withdrawn'), ('approved', 'withdrawn'),
        ('agreement-offered', 'withdrawn')
    )
$$;

create or replace function claims_look_at_move() returns trigger
language plpgsql as $$
begin
    if tg_op = 'INSERT' and new.state <> 'noticed' then
        raise exception 'claim % begins as %; it begins as noticed', new.id, new.state
            using errcode = 'CL001';
    end if;
    if tg_op = 'UPDATE' and new.state <> old.state
        and not claims_allowed(old.state, new.state) then
        raise exception 'claim % cannot go from % to %', new.id, old.state, new.state
            using errcode = 'CL001';
    end if;
    return new;
end
$$;

create or replace trigger claims_moves_by_the_table
before insert or update of state on claims_claim
for each row execute function claims_look_at_move();
