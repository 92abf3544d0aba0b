-- The journal's one way in: a fact belongs to the transaction that writes it, or does not exist.

create or replace function journal_append(
    p_kind text, p_at timestamptz, p_body text,
    out entry_id bigint, out commitment bytea
)
language plpgsql as $$
declare
    -- 122 random bits: nobody can guess an erased body from its commitment.
    v_salt constant bytea := uuid_send(gen_random_uuid());
begin
    -- Here and not in a CHECK, whose text would be read anew for each fact: this is the one way in.
    if p_at < '0001-01-01+00' or p_at >= '9999-01-01+00' then
        raise exception '% is no day of the calendar that facts are dated by. Give one of the years '
            '1 to 9998.', p_at
            using errcode = 'check_violation',
                constraint = 'journal_entry_at_is_a_day_of_the_calendar';
    end if;
    commitment := sha256(v_salt || convert_to(p_body, 'UTF8'));
    insert into journal_entry (kind, at, commitment, salt, body, xact)
    values (p_kind, p_at, commitment, v_salt, p_body, pg_current_xact_id()::text::bigint)
    returning id into entry_id;
end $$;

-- RFC 8785 wants a string as ECMAScript writes it; PostgreSQL's own escapes are the same ones.
create or replace function canonical(p_text text) returns text
language sql immutable parallel safe
return coalesce(to_json(p_text)::text, 'null');
