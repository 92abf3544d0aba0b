-- A deadline is kept as it was set: it may be done, cancelled or tried again, once and never back.

create or replace function jobs_keep_deadline() returns trigger
language plpgsql as $$
begin
    if tg_op = 'UPDATE'
       and old.done_at is null and old.cancelled_at is null
       and (new.id, new.subject, new.kind, new.due_at, new.rule, new.source, new.is_provisional, new.made_by_id)
         = (old.id, old.subject, old.kind, old.due_at, old.rule, old.source, old.is_provisional, old.made_by_id) then
        return new;
    end if;
    raise exception '% of deadline % (% of %) is refused: it is kept as it was set and as it ended. Cancel it if it is open, and set another.',
        tg_op, old.id, old.kind, old.subject
        using errcode = 'restrict_violation';
end $$;

create or replace trigger jobs_deadline_stays
before update or delete on jobs_deadline
for each row execute function jobs_keep_deadline();
