#!/usr/bin/env python3
"""A second verifier of audit logs, after docs/audit-format.md; it shares no code with the first.

usage: verifyAudit.py FILE           check everything; exit 0 sound, 1 broken (names the line)
       verifyAudit.py FILE N         write the body of window N to standard output
"""
import base64
import hashlib
import json
import sys

MEMBERS = {"v", "seq", "time", "session", "kind", "data", "prev", "hash"}
KINDS = set(
    "session.opened item window response proposed decided shown answered performing performed turn "
    "checkpointed trust.changed policy.changed alert gap session.closed".split()
)


class Broken(Exception):
    pass


def require(condition, because):
    if not condition:
        raise Broken(because)


def number(value):
    """A number as ECMAScript prints it."""
    if isinstance(value, int) and abs(value) <= 2**53:
        return str(value)
    value = float(value)
    require(value == value and abs(value) != float("inf"), "a number that JSON cannot say")
    if value == 0:
        return "0"
    sign, (digits, exponent) = "-" if value < 0 else "", f"{abs(value)!r}e0".split("e")[:2]
    whole, _, part = digits.partition(".")
    point = len(whole) + int(exponent)
    digits = (whole + part).lstrip("0")
    point -= len(whole + part) - len(digits)
    digits = digits.rstrip("0")
    if len(digits) <= point <= 21:
        return sign + digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return sign + digits[:point] + "." + digits[point:]
    if -6 < point <= 0:
        return sign + "0." + "0" * -point + digits
    mantissa = digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
    return f"{sign}{mantissa}e{'+' if point > 0 else '-'}{abs(point - 1)}"


def canonical(value):
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{canonical(name)}:{canonical(value[name])}" for name in names) + "}"
    return number(value)


def digest(data):
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def read(path):
    with open(path, "rb") as file:
        yield from enumerate(file, 1)


def verify(path):
    items, answers, windows = {}, {}, []
    prev, session = "", None
    for line, raw in read(path):
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
            check(record["kind"], record["data"], line, items, answers, windows)
            prev, session = record["hash"], record["session"]
        except (Broken, ValueError, KeyError, TypeError, RecursionError) as error:
            raise Broken(f"line {line}: {error}") from None
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
    base = None
    if data["base"] is not None:
        require(1 <= data["base"] <= len(windows), "its base is not there")
        base = windows[data["base"] - 1]
    require(data["keep"] <= (len(base["messages"]) if base else 0), "keeps more than there is")
    parameters = data["parameters"] if "parameters" in data or not base else base["parameters"]
    tools = [items[seq] for seq in data["tools"]] if "tools" in data or not base else base["tools"]
    messages = base["messages"][: data["keep"]] if base else []
    messages = messages + [items[seq] if seq in items else answers[seq] for seq in data["append"]]
    offered = ',"tools":[' + ",".join(tools) + "]" if tools else ""
    body = canonical(parameters)[:-1] + offered + ',"messages":[' + ",".join(messages) + "]}"
    require(digest(body.encode()) == data["body"], "wrong body digest")
    require(len(body.encode()) == data["bytes"], "wrong body length")
    return {"parameters": parameters, "tools": tools, "messages": messages, "body": body}


def main(path, wanted=None):
    try:
        windows = verify(path)
    except Broken as trouble:
        print(f"broken: {trouble}", file=sys.stderr)
        return 1
    if wanted is not None:
        sys.stdout.buffer.write(windows[int(wanted) - 1]["body"].encode())
        return 0
    print(f"sound: {len(windows)} windows")
    return 0


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
