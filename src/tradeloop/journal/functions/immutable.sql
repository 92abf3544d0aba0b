-- History only grows: a fact is never changed or removed; its salt and body may be erased.
-- A fact that has its place in the log no longer needs its transaction's number: it may become 0,
-- which happens when a database is restored into another server, where that number is another's.

create or replace function journal_refuse_change() returns trigger
language plpgsql as $$
begin
    if tg_op = 'UPDATE' and tg_table_name = 'journal_entry' then
        if new.salt is null and new.body is null
           and (new.id, new.kind, new.at, new.commitment, new.xact)
             = (old.id, old.kind, old.at, old.commitment, old.xact) then
            return new;
        end if;
        if new.xact = 0
           and (new.id, new.kind, new.at, new.commitment) = (old.id, old.kind, old.at, old.commitment)
           and (new.salt, new.body) is not distinct from (old.salt, old.body)
           and exists (select from journal_leaf where entry_id = old.id) then
            return new;
        end if;
    end if;
    if tg_op = 'UPDATE' and tg_table_name = 'journal_tile' then
        if (new.level, new.number) = (old.level, old.number)
           and substr(new.hashes, 1, length(old.hashes)) = old.hashes then
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

create or replace trigger journal_tile_stays
before update or delete on journal_tile
for each row execute function journal_refuse_change();

create or replace trigger journal_entry_is_not_emptied
before truncate on journal_entry
for each statement execute function journal_refuse_change();

create or replace trigger journal_leaf_is_not_emptied
before truncate on journal_leaf
for each statement execute function journal_refuse_change();

create or replace trigger journal_tile_is_not_emptied
before truncate on journal_tile
for each statement execute function journal_refuse_change();

create or replace trigger journal_checkpoint_is_not_emptied
before truncate on journal_checkpoint
for each statement execute function journal_refuse_change();
