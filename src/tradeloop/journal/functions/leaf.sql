-- The hash of a fact in the log: SHA-256(0x00 ‖ leaf data), byte for byte as `journal/leaf.py` has it.

create or replace function journal_written(p_at timestamptz) returns text
language sql stable parallel safe
return to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');

create or replace function journal_leaf_hash(
    p_id bigint, p_kind text, p_at timestamptz, p_commitment bytea
)
returns bytea
language sql stable parallel safe
return sha256('\x00'::bytea || convert_to(
    '{"at":"' || journal_written(p_at)
    || '","commitment":"' || encode(p_commitment, 'hex')
    || '","id":' || p_id
    -- Most kinds need no escapes, and looking is quicker than escaping.
    || ',"kind":' || case when p_kind ~ '^[a-z0-9._-]*$' then '"' || p_kind || '"'
        else canonical(p_kind) end
    || ',"v":1}', 'UTF8'));
