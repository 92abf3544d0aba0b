-- The ledger only grows: no row is changed or removed, by whatever program.

create or replace function ledger_refuse_change() returns trigger
language plpgsql as $$
begin
    raise exception '% on % is refused: the ledger only grows. Undo the entry by another one, or correct the rate.',
        tg_op, tg_table_name
        using errcode = 'restrict_violation';
end $$;

create or replace trigger ledger_account_stays
before update or delete or truncate on ledger_account
for each statement execute function ledger_refuse_change();

create or replace trigger ledger_entry_stays
before update or delete or truncate on ledger_entry
for each statement execute function ledger_refuse_change();

create or replace trigger ledger_posting_stays
before update or delete or truncate on ledger_posting
for each statement execute function ledger_refuse_change();

create or replace trigger ledger_rate_stays
before update or delete or truncate on ledger_rate
for each statement execute function ledger_refuse_change();

-- Sums by day follow the postings: only the trigger of a posting, one level deeper, may write them.
create or replace function ledger_refuse_direct_sum() returns trigger
language plpgsql as $$
begin
    if pg_trigger_depth() > 1 and tg_op in ('INSERT', 'UPDATE') then
        return null;
    end if;
    raise exception '% on % is refused: sums follow the postings. Post an entry with ledger_post instead.',
        tg_op, tg_table_name
        using errcode = 'restrict_violation';
end $$;

create or replace trigger ledger_day_follows
before insert or update or delete or truncate on ledger_day
for each statement execute function ledger_refuse_direct_sum();
