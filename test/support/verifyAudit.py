#!/usr/bin/env python3
"""A second verifier of audit logs, after docs/audit-format.md; it shares no code with the first.

usage: verifyAudit.py FILE           check everything; exit 0 sound, 1 broken (names the line)
       verifyAudit.py FILE N         write the body of window N to standard output
       verifyAudit.py FILE mac KEY   check every MAC as well, from the key of the first epoch on

Ed25519 (RFC 8032) is not in the standard library, so it stands here, for verifying alone: slow, and nothing secret.
"""
import base64
import functools
import hashlib
import hmac
import json
import sys
from datetime import datetime, timedelta

MEMBERS = {"v", "seq", "time", "session", "kind", "data", "epoch", "mac", "prev", "hash"}
KINDS = set(
    "session.opened item window response proposed decided shown answered granted grant.revoked performing "
    "performed background.ended turn checkpointed trust.changed policy.changed alert gap sealed key.rotated "
    "session.closed".split()
)


def require(condition, because):
    if not condition:
        raise ValueError(because)


def number(value):
    """A number as ECMAScript prints it."""
    if value == 0 or isinstance(value, int) and abs(value) <= 2**53:
        return str(int(value))
    value = float(value)
    require(value == value and abs(value) != float("inf"), "a number that JSON cannot say")
    sign, (digits, exponent) = "-" if value < 0 else "", f"{abs(value)!r}e0".split("e")[:2]
    whole, _, part = digits.partition(".")
    point = len(whole) + int(exponent) - (len(whole + part) - len((whole + part).lstrip("0")))
    digits = (whole + part).strip("0")
    if len(digits) <= point <= 21:
        return sign + digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return sign + digits[:point] + "." + digits[point:]
    if -6 < point <= 0:
        return sign + "0." + "0" * -point + digits
    mantissa = digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
    return f"{sign}{mantissa}e{'+' if point > 0 else '-'}{abs(point - 1)}"


def canonical(value):
    if value is None or isinstance(value, (bool, str)):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{canonical(name)}:{canonical(value[name])}" for name in names) + "}"
    return number(value)


def digest(data):
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


P, D2 = 2**255 - 19, -121665 * pow(121666, -1, 2**255 - 19) * 2
ORDER = 2**252 + 27742317777372353535851937790883648493


def add(a, b):
    """Of two points in extended coordinates."""
    left, right = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = D2 * a[3] * b[3] % P, 2 * a[2] * b[2] % P
    e, f, g, h = right - left, d - c, d + c, right + left
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n, point):
    total = (0, 1, 1, 0)
    while n:
        total = add(total, point) if n & 1 else total
        point, n = add(point, point), n >> 1
    return total


def decode(raw):
    number = int.from_bytes(raw, "little")
    y, sign = number & (2**255 - 1), number >> 255
    square = (y * y - 1) * pow(D2 * pow(2, -1, P) * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if x * x % P == square else x * pow(2, (P - 1) // 4, P) % P
    require(y < P and x * x % P == square and not (x == 0 and sign), "not a point of the curve")
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def is_signed(key, text, signature):
    require(len(key) == 32 and len(signature) == 64, "not a key or a signature")
    r, s = signature[:32], int.from_bytes(signature[32:], "little")
    k = int.from_bytes(hashlib.sha512(r + key + text).digest(), "little") % ORDER
    left = times(s, decode((4 * pow(5, -1, P) % P).to_bytes(32, "little")))
    right = add(decode(r), times(k, decode(key)))
    same = (left[0] * right[2] - right[0] * left[2]) % P == 0 == (left[1] * right[2] - right[1] * left[2]) % P
    return s < ORDER and same


class Epochs:
    def __init__(self, key):
        self.key, self.number, self.count, self.start = key, 0, 0, None

    def check(self, record, bare):
        time = datetime.fromisoformat(record["time"])
        if self.count and record["epoch"] == self.number + 1:
            self.number, self.count = self.number + 1, 0
            secret = self.key and hmac.digest(bytes(32), self.key, "sha256")
            self.key = self.key and hmac.digest(secret, b"warrant audit epoch\1", "sha256")
        self.start = time if self.count == 0 else self.start
        self.count += 1
        within = timedelta(0) <= time - self.start < timedelta(minutes=10) and self.count <= 256
        require(record["epoch"] == self.number and within, "not the epoch that was due")
        if self.key:
            mac = hmac.digest(self.key, hashlib.sha256(bare).digest(), "sha256")
            require(record["mac"] == base64.urlsafe_b64encode(mac).decode()[:22], "wrong mac")


class Seals:
    def __init__(self):
        self.peaks, self.size, self.key, self.next, self.closed = [], 0, None, None, 0

    def check(self, record):
        kind, data = record["kind"], record["data"]
        require(self.closed < 2 and (kind == "sealed" or not (self.next or self.closed)), "not here")
        if kind == "sealed":
            origin, size, root, empty, signature = data["note"].splitlines()
            signed = empty == "" and signature.startswith(f"— {origin} ")
            require(signed and origin == "warrant/audit/" + record["session"], "not its note")
            require(size == str(self.size) and root == self.root(), "a seal of something else")
            require(self.key in (None, data["key"]), "another key")
            key, sig = base64.urlsafe_b64decode(data["key"] + "="), base64.b64decode(signature.split(" ")[2])
            name = hashlib.sha256(origin.encode() + b"\n\1" + key).digest()[:4]
            text = "".join(f"{part}\n" for part in (origin, size, root)).encode()
            require(sig[:4] == name and is_signed(key, text, sig[4:]), "wrong signature")
            self.key, self.next = self.next or data["key"], None
        if kind == "key.rotated":
            require(self.key in (None, data["from"]), "another key")
            self.key, self.next = data["from"], data["to"]
        self.closed += kind == "session.closed" or self.closed > 0
        self.size, leaf = self.size + 1, base64.urlsafe_b64decode(record["hash"] + "=")
        self.peaks.append((1, leaf))
        while len(self.peaks) > 1 and self.peaks[-1][0] == self.peaks[-2][0]:
            (count, right), (_, left) = self.peaks.pop(), self.peaks.pop()
            self.peaks.append((2 * count, node(left, right)))

    def root(self):
        root = functools.reduce(lambda right, left: node(left, right), [p for _, p in self.peaks[::-1]])
        return base64.b64encode(root).decode()


def verify(path, key):
    items, answers, windows = {}, {}, []
    prev, session = "", None
    epochs, seals = Epochs(key), Seals()
    for line, raw in enumerate(open(path, "rb"), 1):
        try:
            require(raw.endswith(b"\n"), "its end is missing")
            record = json.loads(raw[:-1].decode("utf-8"))
            require(isinstance(record, dict) and set(record) == MEMBERS, "not the members of a record")
            require(canonical(record).encode("utf-8") + b"\n" == raw, "not canonical")
            unhashed = {name: record[name] for name in record if name != "hash"}
            require(record["hash"] == digest(b"\0" + canonical(unhashed).encode()), "wrong hash")
            require(record["v"] == 1 and record["seq"] == line, "wrong version or number")
            require(record["prev"] == prev, "wrong prev")
            require(session in (None, record["session"]), "another session")
            require(record["kind"] in KINDS, "unknown kind")
            bare = {name: unhashed[name] for name in unhashed if name != "mac"}
            epochs.check(record, b"\0" + canonical(bare).encode())
            seals.check(record)
            check(record["kind"], record["data"], line, items, answers, windows)
            prev, session = record["hash"], record["session"]
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError(f"line {line}: {error}") from None
    require(session is not None, "the file is empty")
    return windows


def check(kind, data, line, items, answers, windows):
    if kind == "item":
        items[line] = canonical(data["content"])
        require(digest(items[line].encode()) == data["digest"], "wrong item digest")
    if kind == "response":
        require(1 <= data["window"] <= len(windows), "answers a window that is not there")
        if "message" in data:
            answers[line] = canonical(data["message"])
            require(digest(answers[line].encode()) == data["digest"], "wrong message digest")
    if kind == "window":
        windows.append(rebuild(data, items, answers, windows))
    if kind == "session.closed":
        require(data == {"windows": len(windows), "records": line}, "wrong counts")


def rebuild(data, items, answers, windows):
    require(data["n"] == len(windows) + 1, "wrong window number")
    require(data["base"] is None or 1 <= data["base"] <= len(windows), "its base is not there")
    base = windows[data["base"] - 1] if data["base"] else None
    messages = base["messages"] if base else []
    require(data["keep"] <= len(messages), "keeps more than there is")
    parameters = data["parameters"] if "parameters" in data or not base else base["parameters"]
    tools = [items[seq] for seq in data["tools"]] if "tools" in data or not base else base["tools"]
    messages = messages[: data["keep"]]
    messages += [items[seq] if seq in items else answers[seq] for seq in data["append"]]
    offered = ',"tools":[' + ",".join(tools) + "]" if tools else ""
    body = canonical(parameters)[:-1] + offered + ',"messages":[' + ",".join(messages) + "]}"
    require(digest(body.encode()) == data["body"], "wrong body digest")
    require(len(body.encode()) == data["bytes"], "wrong body length")
    return {"parameters": parameters, "tools": tools, "messages": messages, "body": body}


def main(path, wanted=None, key=""):
    try:
        windows = verify(path, key and base64.urlsafe_b64decode(key + "="))
    except ValueError as trouble:
        print(f"broken: {trouble}", file=sys.stderr)
        return 1
    sound = f"sound: {len(windows)} windows\n"
    told = sound if wanted in (None, "mac") else windows[int(wanted) - 1]["body"]
    sys.stdout.buffer.write(told.encode())
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) in (2, 3, 4) else __doc__)
