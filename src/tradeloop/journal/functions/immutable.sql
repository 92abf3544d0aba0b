-- History only grows: a fact is never changed or removed; its salt and body may be erased.

create or replace function journal_refuse_change() returns trigger
language plpgsql as $$
begin
    if tg_op = 'UPDATE' and tg_table_name = 'journal_entry' then
        if new.salt is null and new.body is null
           and (new.id, new.kind, new.at, new.commitment, new.xact)
             = (old.id, old.kind, old.at, old.commitment, old.xact) then
            return new;
        end if;
    end if;
    raise exception '% on % is refused: the journal only grows. Record a new fact instead.',
        tg_op, tg_table_name
        using errcode = 'restrict_violation';
end $$;

create or replace trigger journal_entry_stays
before update or delete on journal_entry
for each row execute function journal_refuse_change();

create or replace trigger journal_leaf_stays
before update or delete on journal_leaf
for each row execute function journal_refuse_change();

create or replace trigger journal_checkpoint_stays
before update or delete on journal_checkpoint
for each row execute function journal_refuse_change();
