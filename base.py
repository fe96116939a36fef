import json, re, pathlib, hmac, hashlib
ROOT = pathlib.Path('/work/main/fixtures/coinstore')
DOC = "coinstore-openapi.github.io, source/cn and source/en, 2025-07-01"
READ = "2026-11-21"
MARK = "\x01RAW"
def R(token): return MARK + token
def dump(v, indent=0, width=120, prefix=0):
    one = inline(v)
    if len(one) + prefix + indent <= width or not isinstance(v, (dict, list)) or not v:
        return one
    pad = " " * (indent + 2)
    if isinstance(v, dict):
        items = []
        for k, x in v.items():
            head = json.dumps(k, ensure_ascii=False) + ": "
            items.append(pad + head + dump(x, indent + 2, width, len(head) + 1))
        return "{\n" + ",\n".join(items) + "\n" + " " * indent + "}"
    items = [pad + dump(x, indent + 2, width, 1) for x in v]
    return "[\n" + ",\n".join(items) + "\n" + " " * indent + "]"
def inline(v):
    if isinstance(v, str) and v.startswith(MARK): return v[len(MARK):]
    if isinstance(v, dict): return "{" + ", ".join(json.dumps(k, ensure_ascii=False) + ": " + inline(x) for k, x in v.items()) + "}"
    if isinstance(v, list): return "[" + ", ".join(map(inline, v)) + "]"
    return json.dumps(v, ensure_ascii=False)
def write(name, section, spec, document=DOC, **content):
    data = {"id": name, "source": {"document": document, "section": section, "spec": spec, "read": READ}, **content}
    text = dump(data)
    if not text.startswith("{\n"): 
        raise SystemExit(name)
    p = ROOT / (name + ".json"); p.parent.mkdir(parents=True, exist_ok=True)
    json.loads(text)
    p.write_text(text + "\n", encoding="utf-8")
TYPES = {"s": "string", "n": "integer", "D": "number", "b": "boolean"}
def F(prefix, spec):
    out = []
    for item in spec.split():
        m = re.fullmatch(r"([^:]+):([snDb])(?:/([snDb]))?([?~]?)(-?)", item)
        name, t, ex, pres, absent = m.groups()
        row = {"path": prefix + name, "type": TYPES[t], "presence": {"": "always", "?": "optional", "~": "nullable"}[pres]}
        if ex: row["example_type"] = TYPES[ex]
        if absent: row["in_example"] = False
        out.append(row)
    return out
def P(spec, where="body"):
    """name:type!  (! required) , =default"""
    out = []
    for item in spec.split():
        m = re.fullmatch(r"([^:]+):(\w+)(!?)(?:=(.+?))?(?:\|(.+))?", item)
        name, t, req, default, values = m.groups()
        row = {"name": name, "in": where, "required": bool(req), "type": t}
        if default: row["default"] = default
        if values: row["values"] = values.split(",")
        out.append(row)
    return out
def D(about, simulator, spec, label, contradiction=None):
    row = {"about": about, "simulator": simulator, "spec": spec, "label": label}
    if contradiction: row["contradiction"] = contradiction
    return row
def req(method, path, query="", body=None, provenance="published", **more):
    row = {"provenance": provenance, **more, "method": method, "path": path, "query": query}
    if method == "POST": row["body"] = {} if body is None else body
    return row
def rep(body, provenance="published", **more):
    return {"provenance": provenance, **more, "status": 200, "body": body}
def rest(name, section, spec, method, path, auth, requests, responses, fields, parameters=(), notes=(), decided=(), **more):
    rid = f"rest/{name}"
    rq = [{"id": f"{rid}.request.{i}", **r} for i, r in enumerate(requests, 1)]
    rs = [{"id": f"{rid}.response.{i}", **r} for i, r in enumerate(responses, 1)]
    write(rid, section, spec, **more, method=method, path=path, auth=auth, parameters=list(parameters), requests=rq, responses=rs, fields=fields, notes=list(notes), decided=list(decided))
