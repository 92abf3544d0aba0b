-- A correction takes the place of a rate of the same pair, source and day; the first one stays.

create or replace function ledger_check_correction() returns trigger
language plpgsql as $$
begin
    if new.corrects_id is not null and not exists (
        select from ledger_rate as r
        where r.id = new.corrects_id
          and (r.base_id, r.quote_id, r.source, r.quoted_on)
            = (new.base_id, new.quote_id, new.source, new.quoted_on)) then
        raise exception 'Rate % cannot be corrected by one of another pair, source or day. Record that one by itself.', new.corrects_id
            using errcode = 'LG010';
    end if;
    return new;
end $$;

create or replace trigger ledger_correction_fits
before insert on ledger_rate
for each row execute function ledger_check_correction();
