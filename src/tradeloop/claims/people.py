"""Who signs shows a second factor: a code of the hour (TOTP, RFC 6238), each used only once."""

from __future__ import annotations

import hmac
from base64 import b32encode
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.db import transaction

from tradeloop.claims.rows import do, one
from tradeloop.journal.actions import record
from tradeloop.kit.calendar import SHANGHAI

STEP_S = 30
DIGITS = 6
DRIFT_STEPS = 1  # a clock may be half a minute off
SECRET_BYTES_MIN = 16
NONCE_BYTES = 12
# One guess hits one of the three codes that count with a chance of 3 in a million. Five guesses,
# then a quarter of an hour of rest, are 480 a day at most: a hit in some 700 days of guessing day
# and night. A person who mistypes waits for a quarter of an hour, or has the factor renewed.
WRONG_CODES_MAX = 5
WRONG_WITHIN = timedelta(minutes=15)
LOCKED_FOR = timedelta(minutes=15)


class CodeWrong(PermissionError):
    """The code is not the person's code of this minute; nothing was written but the count."""


class CodeUsed(CodeWrong):
    """The code was used before."""


class PersonLocked(CodeWrong):
    """Too many wrong codes: none is looked at for a while, not even the right one."""


class SignsForAnother(PermissionError):
    """The person does not sign for this policyholder; nothing was written."""


class PersonUnknown(LookupError):
    """Nobody of that name has a second factor."""


class SignsForItself(PermissionError):
    """Who hands out or takes away second factors of a party does not sign for it."""


class ReasonMissing(ValueError):
    """A second factor is forgotten for a reason only; nothing was written."""


class SecretUnfit(ValueError):
    """The secret or the key is too short, or the person has another one."""


@transaction.atomic
def enrol(
    *, person: str, party: str, secret: bytes, key: bytes, nonce: bytes, by: str, at: datetime
) -> str:  # fmt: skip
    """Give a person a second factor, kept sealed; return the address that their telephone reads.

    Args:
        person: As they sign.
        party: The policyholder for whom they sign, and for nobody else.
        secret: 16 random bytes or more, made by the caller.
        key: 32 bytes, kept beside the database and not in it.
        nonce: 12 random bytes.
        by: The handler who enrols them; not they themselves.
        at: The caller's clock.

    Raises:
        SecretUnfit: The secret is too short, or the person has a factor already.
        SignsForItself: They would enrol themselves.
    """
    _check_handler(person, by)
    if len(secret) < SECRET_BYTES_MIN or len(nonce) != NONCE_BYTES:
        raise SecretUnfit(f"Give a secret of {SECRET_BYTES_MIN} bytes or more, a nonce of 12.")
    entry = record(
        kind="claims.person-enrolled", at=at, fact={"by": by, "party": party, "person": person}
    )
    sealed = nonce + AESGCM(key).encrypt(nonce, secret, person.encode())
    done = do(
        "insert into claims_person (name, party, sealed, last_step, enrolled_by, made_by) "
        "values (%s, %s, %s, 0, %s, %s) "
        "on conflict do nothing",
        person, party, sealed, by, entry.entry_id,
    )  # fmt: skip
    if not done:
        raise SecretUnfit(
            f"{person} has a second factor already. Forget the old one first: "
            f"`claims forget {person}`."
        )
    label = quote(f"Tradeloop:{person}")
    query = urlencode({"secret": b32encode(secret).decode().rstrip("="), "issuer": "Tradeloop"})
    return f"otpauth://totp/{label}?{query}"


@transaction.atomic
def forget(*, person: str, by: str, because: str, at: datetime) -> None:
    """Take a person's second factor away, as when a telephone is lost; it is kept who did.

    Whoever did does not sign for that party: nobody makes way for a factor of their own.

    Args:
        person: As they sign.
        by: The handler; not they themselves.
        because: The reason.
        at: The caller's clock.

    Raises:
        PersonUnknown: They have no second factor.
        ReasonMissing: There is no reason.
        SignsForItself: They would forget their own.
    """
    _check_handler(person, by)
    if not because.strip():
        raise ReasonMissing(f"Say why the second factor of {person} is forgotten.")
    row = one("select party from claims_person where name = %s for update", person)
    if row is None:
        raise PersonUnknown(f"{person} has no second factor, so there is none to forget.")
    fact = {"because": because, "by": by, "party": row["party"], "person": person}
    entry = record(kind="claims.person-forgotten", at=at, fact=fact).entry_id
    do("delete from claims_wrongcode where person = %s", person)
    do("delete from claims_person where name = %s", person)
    do(
        "insert into claims_forgotten (person, party, by, because, at, made_by) "
        "values (%s, %s, %s, %s, %s, %s)",
        person, row["party"], by, because, at, entry,
    )  # fmt: skip


def check_signer(person: str, party: str) -> None:
    """Do nothing if a person may sign for a party, by factor or in ink.

    Raises:
        SignsForItself: They took away, or handed out, a second factor of that party.
    """
    row = one(
        "select person from claims_forgotten where by = %s and party = %s "
        "union all select name from claims_person where enrolled_by = %s and party = %s limit 1",
        person, party, person, party,
    )  # fmt: skip
    if row is not None:
        raise SignsForItself(
            f"{person} handed out or took away the second factor of {row['person']}, who signs for "
            f"{party}. Let somebody else sign."
        )


def _check_handler(person: str, by: str) -> None:
    if by == person:
        raise SignsForItself(f"{person} cannot do it for themselves. Ask a handler.")


def check_code(
    *, person: str, party: str, code: str, key: bytes, at: datetime
) -> int | CodeWrong:  # fmt: skip
    """Use up a code, in the transaction that is open; return the half-minute that it is of.

    A wrong code is counted, so it is returned and not raised: raising would undo the count. The
    caller raises it once the transaction is done. Whoever shows codes at once is looked at in turn.

    Raises:
        PersonUnknown: The person has no second factor.
        SignsForAnother: They sign for another party.
        PersonLocked: There were too many wrong ones; the message says until when.
        CodeWrong: The key does not open the secret.
        CodeUsed: It, or a later one, was used before.
    """
    row = one(
        "select party, sealed, last_step, locked_until from claims_person where name = %s "
        "for update",
        person,
    )
    if row is None:
        raise PersonUnknown(f"{person} has no second factor. Enrol first: `claims enrol`.")
    if row["party"] != party:
        raise SignsForAnother(
            f"{person} signs for {row['party']}, not for {party}. Let somebody of {party} sign."
        )
    if row["locked_until"] is not None and at < row["locked_until"]:
        raise PersonLocked(f"{_locked(person, row['locked_until'])} Wait, and look at the clock.")
    totp = _totp(bytes(row["sealed"]), person, key)
    now = int(at.timestamp()) // STEP_S
    for step in range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1):
        if hmac.compare_digest(totp.generate(step * STEP_S), code.encode()):
            if step <= row["last_step"]:
                raise CodeUsed(f"The code of {person} was used before. Wait for the next one.")
            do(
                "update claims_person set last_step = %s, locked_until = null where name = %s",
                step, person,
            )  # fmt: skip
            do("delete from claims_wrongcode where person = %s", person)
            return step
    return _count_wrong(person, at)


def _count_wrong(person: str, at: datetime) -> CodeWrong:
    """Count a wrong code; with the last one that is allowed the person is locked."""
    entry = record(kind="claims.code-wrong", at=at, fact={"person": person}).entry_id
    do("insert into claims_wrongcode (person, at, made_by) values (%s, %s, %s)", person, at, entry)
    row = one(
        "select count(*) as wrong from claims_wrongcode where person = %s and at > %s",
        person, at - WRONG_WITHIN,
    )  # fmt: skip
    wrong = row["wrong"] if row else 0
    if wrong < WRONG_CODES_MAX:
        return CodeWrong(
            f"The code is not that of {person} at this minute. Look at the clock and repeat; "
            f"{WRONG_CODES_MAX - wrong} more may be wrong."
        )
    until = at + LOCKED_FOR
    record(
        kind="claims.person-locked", at=at,
        fact={"person": person, "until": until.astimezone(SHANGHAI).isoformat()},
    )  # fmt: skip
    do("update claims_person set locked_until = %s where name = %s", until, person)
    do("delete from claims_wrongcode where person = %s", person)
    return PersonLocked(f"{_locked(person, until)} If it was not you, have the factor renewed.")


def _locked(person: str, until: datetime) -> str:
    return (
        f"{person} showed {WRONG_CODES_MAX} wrong codes within "
        f"{WRONG_WITHIN.seconds // 60} minutes, and is locked until "
        f"{until.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}."
    )


def code_of(secret: bytes, at: datetime) -> str:
    """Return the code that a telephone shows at a moment."""
    return _of(secret).generate(int(at.timestamp()) // STEP_S * STEP_S).decode()


def _totp(sealed: bytes, person: str, key: bytes) -> TOTP:
    try:
        secret = AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], person.encode())
    except InvalidTag:
        raise CodeWrong(
            f"The key of this home does not open the secret of {person}. Restore the keys."
        ) from None
    return _of(secret)


def _of(secret: bytes) -> TOTP:
    # RFC 6238's own digest: telephones know no other.
    return TOTP(secret, DIGITS, SHA1(), STEP_S)  # noqa: S303 - an HMAC, for which SHA-1 stands
