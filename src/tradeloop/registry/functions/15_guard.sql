-- The rows of the registry guard themselves, whoever writes them. That a value is used at most once is a
-- CHECK of its book. All else is said here, in triggers: PostgreSQL reads the text of each CHECK anew in
-- every statement, which for these cost a fifth of a single call, and a trigger's is read once.

create or replace function registry_refuse_row(p_table text, p_constraint text, p_row text) returns void
language plpgsql as $$
begin
    raise exception 'A row of % breaks "%": %. Use the registry''s own calls.',
        p_table, p_constraint, p_row
        using errcode = 'check_violation', constraint = p_constraint;
end $$;

create or replace function registry_book_is_sound() returns trigger
language plpgsql as $$
begin
    if least(
        new.amount_minor, new.held_minor, new.committed_minor, new.spent_minor, new.own_minor,
        new.live_holds
    ) < 0 then
        perform registry_refuse_row(tg_table_name, 'nothing_is_used_less_than_not_at_all', new::text);
    end if;
    return new;
end $$;

create or replace trigger registry_book_is_sound
before insert or update on registry_book
for each row execute function registry_book_is_sound();

create or replace function registry_hold_is_sound() returns trigger
language plpgsql as $$
begin
    if new.granted_minor < 0 or (new.granted_minor > 0) <> (new.refusal is null)
        or new.refusal is not null and new.state <> 'refused'
    then
        perform registry_refuse_row(tg_table_name, 'hold_is_refused_or_grants_something', new::text);
    elsif new.granted_minor > 0
        and new.granted_minor not between new.least_minor and new.asked_minor
    then
        perform registry_refuse_row(tg_table_name, 'hold_grants_what_was_asked_at_most', new::text);
    elsif new.granted_minor < new.committed_minor + new.spent_minor + new.freed_minor
        or least(new.committed_minor, new.spent_minor, new.freed_minor) < 0
    then
        perform registry_refuse_row(tg_table_name, 'hold_is_used_as_far_as_granted', new::text);
    end if;
    return new;
end $$;

create or replace trigger registry_hold_is_sound
before insert or update on registry_hold
for each row execute function registry_hold_is_sound();
