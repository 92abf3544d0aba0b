-- What is true of every entry, whoever writes it. Checked for all postings of a statement at once.

create or replace function ledger_check_postings() returns trigger
language plpgsql as $$
declare
    v_key text;
    v_of text;
    v_what text;
begin
    -- Whole at once: nothing is added to an entry later, and no posting has a day of its own.
    select e.key into v_key
    from (select entry_id, min(booked_on) as first_on, max(booked_on) as last_on from added group by entry_id) as a
    join ledger_entry as e on e.id = a.entry_id
    where e.booked_on <> a.first_on or e.booked_on <> a.last_on
       or e.lines <> (select count(*) from ledger_posting as p where p.entry_id = e.id);
    if found then
        raise exception 'Entry % does not have the postings and the day that it says. Post it whole, in one call of ledger_post.', v_key
            using errcode = 'LG008';
    end if;

    select e.key, o.key,
        case
            when o.reverses_id is not null then 'is itself an undo. Post the first entry anew, under a new key'
            when e.booked_on < o.booked_on then 'counts for ' || o.booked_on || ', later than this undo. Choose that day or a later one'
            else 'has other postings. Take back each of its amounts'
        end
    into v_key, v_of, v_what
    from ledger_entry as e
    join ledger_entry as o on o.id = e.reverses_id
    where e.id in (select entry_id from added)
      and (o.reverses_id is not null or e.booked_on < o.booked_on or e.lines <> o.lines
           or exists (
               select from ledger_posting as p
               where p.entry_id = e.id
                 and not exists (
                     select from ledger_posting as q
                     where q.entry_id = o.id and q.line = p.line
                       and (q.debit_id, q.credit_id, q.currency_id, q.minor)
                         = (p.credit_id, p.debit_id, p.currency_id, p.minor))))
    limit 1;
    if found then
        raise exception 'Entry % cannot undo %: that one %.', v_key, v_of, v_what
            using errcode = 'LG005';
    end if;

    -- In one order, so that two writers cannot wait for each other.
    insert into ledger_day as d (account_id, currency_id, booked_on, debit_minor, credit_minor)
    select account_id, currency_id, booked_on, sum(debit), sum(credit)
    from (
        select debit_id as account_id, currency_id, booked_on, minor::numeric as debit, 0::numeric as credit from added
        union all
        select credit_id, currency_id, booked_on, 0, minor from added
    ) as leg
    group by account_id, currency_id, booked_on
    order by account_id, currency_id, booked_on
    on conflict (account_id, currency_id, booked_on) do update
    set debit_minor = d.debit_minor + excluded.debit_minor,
        credit_minor = d.credit_minor + excluded.credit_minor;
    return null;
end $$;

create or replace trigger ledger_postings_are_sound
after insert on ledger_posting
referencing new table as added
for each statement execute function ledger_check_postings();

-- An entry without postings would say that something happened, and nothing did.
create or replace function ledger_refuse_empty_entry() returns trigger
language plpgsql as $$
begin
    if not exists (select from ledger_posting where entry_id = new.id) then
        raise exception 'Entry % has no postings. Post it whole, in one call of ledger_post.', new.key
            using errcode = 'LG008';
    end if;
    return null;
end $$;

-- A constraint trigger cannot be replaced, only made anew.
drop trigger if exists ledger_entry_has_postings on ledger_entry;
create constraint trigger ledger_entry_has_postings
after insert on ledger_entry
deferrable initially deferred
for each row execute function ledger_refuse_empty_entry();
