"""The names of variables that tell a secret, and those that only speak of one.

`DB_PASSWORD` holds a secret, `DB_PASSWORD_FILE` the place of one, `PASSWORD_MIN_LENGTH` a rule about them. The words of
a name decide: one of `_TELLING` anywhere, unless the last word (or the first) says that the value is about the secret.
"""

from __future__ import annotations

import re
from functools import lru_cache


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")

_PASSWORDS = frozenset(
    ["PASS", "PASSWORD", "PASSWORDS", "PASSWD", "PASSWDS", "PWD", "PW", "PASSPHRASE", "PASSCODE", "PIN", "MNEMONIC"]
)
"""Words for what may be a number, or one plain word."""
_TELLING = _PASSWORDS | _set(
    """
    SECRET SECRETS TOKEN TOKENS APIKEY APIKEYS APITOKEN CREDENTIAL CREDENTIALS CREDS CRED SALT PEPPER SEED
    """
)
_TELLING_AT_THE_END = frozenset(
    ["AUTH", "AUTHORIZATION", "KEY", "KEYS", "DSN", "PAT", "BEARER", "JWT", "SAS", "HMAC", "OTP", "TOTP"]
)
_ENDINGS = (
    "PASSWORD", "PASSWD", "PASSPHRASE", "TOKEN", "SECRET", "APIKEY", "PRIVATEKEY", "SECRETKEY", "ACCESSKEY",
    "SIGNINGKEY", "ENCRYPTIONKEY", "MASTERKEY", "CREDENTIALS", "PASS", "PWD",
)  # fmt: skip
"""How a word ends that was written without its underscore: `PGPASSWORD`, `authtoken`."""
_NO_PASSWORDS = frozenset(["BYPASS", "COMPASS", "ENCOMPASS", "OVERPASS", "SURPASS", "TRESPASS", "UNDERPASS", "OLDPWD"])

_ABOUT = _set(
    """
    URL URLS URI URIS TTL NAME NAMES ID IDS FILE FILES PATH PATHS DIR DIRS DIRECTORY FOLDER LENGTH LEN ARN ARNS
    HEADER HEADERS ENABLED ENABLE DISABLED PREFIX SUFFIX ISSUER ISSUERS ENDPOINT ENDPOINTS LIFETIME LIFESPAN
    HASHER HASHERS PROVIDER PROVIDERS MINUTES SECONDS SECS HOURS DAYS MS MILLIS EXPIRE EXPIRES EXPIRY EXPIRATION
    EXP TIMEOUT AGE MAX MIN COUNT LIMIT LIMITS SIZE POLICY POLICIES REGEX PATTERN FIELD FIELDS COLUMN TYPE TYPES
    ALGORITHM ALGORITHMS ALG AUDIENCE AUD SCOPE SCOPES VERSION VERSIONS REQUIRED BACKEND BACKENDS VALIDATOR
    VALIDATORS BUCKET TABLE TOPIC QUEUE REGION HOST HOSTS PORT MANAGER STORE THROUGH ROTATION INTERVAL PERIOD
    MODE METHOD METHODS STRATEGY LABEL CLASS FORMAT ENCODING LOCATION SOURCE SERVICE SERVER REALM ROUNDS
    ITERATIONS BITS STRENGTH DOMAIN GRANT LEEWAY SKEW REFRESH RENEWAL CHARS CHARSET MODEL BUDGET WINDOW RATE
    NAMESPACE ENGINE MOUNT ROLE USER USERNAME EMAIL TEMPLATE SUBJECT REDIRECT PAGE VIEW ROUTE ALLOWED SYMBOL
    CONTRACT DECIMALS ADDRESS TYPEHASH STANDARD CHANGE RESET
    """
)
"""Last words of a name whose value is about a secret: where it is, how long, how old, what kind."""
_ABOUT_AT_THE_START = _set(
    """
    MAX MIN USE ENABLE DISABLE REQUIRE SKIP ALLOW HAS IS NUM COUNT NO FORCE SHOW VALIDATE CHECK VERIFY
    """
)
_NO_SECRET_KEYS = _set(
    """
    PUBLIC PUB PUBLISHABLE CACHE SORT PARTITION KMS PRIMARY FOREIGN ROUTING IDEMPOTENCY HASH RANGE SITE GROUP
    INDEX LOOKUP OBJECT SHARD TAG LABEL HEADER QUERY FEATURE MESSAGE ORDERING DEDUPLICATION
    COLUMN FIELD AUTHORIZED BUCKET FILTER LOCK HOT CMEK CMK COMPOSITE UNIQUE NATURAL DICT
    PARTITIONING BUSINESS DEDUPE ENTITY RECORD ROW STATE VERIFYING SETTINGS CONTEXT ARROW SHORTCUT
    """
)
"""What stands before KEY where a key opens nothing: `SORT_KEY`, `VAPID_PUBLIC_KEY`."""
# An id that is half of a credential, or one for itself.
_CREDENTIAL_IDS = (("ACCESS", "KEY", "ID"), ("VAULT", "SECRET", "ID"), ("SESSION", "TOKEN", "ID"))
_FOLDERS = frozenset({"PWD", "OLDPWD"})
"""The shell's folders; in the string of a connection, PWD is a password."""

_SWITCHES = _set(
    """
    true false yes no on off null none nil enabled disabled required optional always never auto default True
    False TRUE FALSE None YES NO ON OFF
    """
)
_SCHEMES = _set(
    """
    basic digest ldap ldaps oauth oauth1 oauth2 oidc saml iam md5 trust peer cert kerberos gssapi ntlm jwt
    bearer token apikey api_key password session cookie header scram-sha-256 plain sasl mtls tls header
    """
)
_REFERENCE = re.compile(
    r"""
    # What comes from elsewhere: a placeholder, a path, the name of a stored secret, an address without credentials.
    \$\{[\w.:/-]+\} | \$\(\w+\) | \$[A-Z_][A-Z0-9_]* | \{\{.*\}\} | \{\w+\} | <[^<>]*> | %\(\w+\)s
    | (?:/[\w.-]+){2,}/?
    | \.{1,2}(?:/[\w.-]+)+ | [A-Za-z]:\\[\w.\\ -]+ | file:///[\w./-]+
    | arn:aws[\w-]*:.* | projects/[\w-]+/(?:secrets|locations)/.*
    | (?:ssm|vault|secretsmanager|secretmanager|awssm|gcpsm|sm|op|keyvault|ref\+\w+)://.*
    | vault:[\w/.-]+\#\w+ | alias/[\w/-]+
    | [a-zA-Z][a-zA-Z0-9+.-]{0,30}://[^\s@?&=]*
    """,
    re.VERBOSE | re.DOTALL,
)
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:ms|s|m|h|d|w|Ki|Mi|Gi|k|%)?")


def tells_secret(name: str, value: str) -> bool:
    """Tell whether a variable of this name with this value seems to hold a secret."""
    if not value or not _is_telling(name[:256]):
        return False
    if value in _SWITCHES or _REFERENCE.fullmatch(value[:4096]):
        return False
    if name in _FOLDERS and value.startswith("/"):
        return False
    words = _words(name)
    if words[-1] == "AUTH" and value in _SCHEMES:
        return False
    return bool(_is_password(words)) or _NUMBER.fullmatch(value) is None


@lru_cache(maxsize=4096)
def _is_telling(name: str) -> bool:
    """Tell whether the value of a name is a secret, as far as the name says."""
    words = _words(name)
    if not words or words in (("KEY",), ("KEYS",)):
        return False
    if any(words[-3:] == ending for ending in _CREDENTIAL_IDS):
        return True
    if words[-1] in _ABOUT or (words[0] in _ABOUT_AT_THE_START and len(words) > 1):
        return False
    if words[-1] in ("KEY", "KEYS"):
        return words[-2] not in _NO_SECRET_KEYS
    return words[-1] in _TELLING_AT_THE_END or any(_tells(word) for word in words)


def _words(name: str) -> tuple[str, ...]:
    """Split a name: `dbPassword2` is DB and PASSWORD, `PGPASSWORD` stays one word."""
    return tuple(word.upper() for word in _WORDS.findall(name))


def _tells(word: str) -> bool:
    return word in _TELLING or (word.endswith(_ENDINGS) and word not in _NO_PASSWORDS)


def _is_password(words: tuple[str, ...]) -> bool:
    """Whether a name speaks of a password, which may be a number; a token or key is none."""
    return any(
        word in _PASSWORDS or (word.endswith(("PASSWORD", "PASSWD", "PASS", "PWD")) and word not in _NO_PASSWORDS)
        for word in words
    )
