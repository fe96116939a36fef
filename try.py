import sys; sys.path.insert(0,'tests/fixtures')
from fixture_trees import *
from mockex.fixtures import load, names
for V in ('okcoinjp','htx','coinstore'):
    bad=[]
    for n in (*names(V,'rest'),*names(V,'ws')):
        c=load(V,n)
        if 'fields' not in c: continue
        exs=[]
        for e in c.get('responses',[]):
            b=e['body']
            if e.get('shows')=='one row': b=[b]
            if e.get('shows')=='data as a list': b={**b,'data':b['data'][0]}
            exs.append(b)
        exs+=[e['frame'] for e in c.get('frames',[])]
        paths=[f['path'] for f in c['fields'] if f['type']!='object']
        for x in exs:
            try:
                if sum(len(found_at(x,p)) for p in paths)!=leaf_count(x): bad.append((n,'count',sum(len(found_at(x,p)) for p in paths),leaf_count(x)))
            except Exception as ex: bad.append((n,repr(ex)))
        for f in c['fields']:
            allowed={f['type'],f.get('example_type',f['type'])}
            if 'number' in allowed: allowed.add('integer')
            try: found=[v for x in exs for v in found_at(x,f['path'])]
            except Exception as ex: continue
            if not {json_type(v) for v in found if v is not None}<=allowed: bad.append((n,f['path'],'type'))
            if (None in found) is not (f['presence']=='nullable'): bad.append((n,f['path'],'null'))
            if exs and bool(found)!=f.get('in_example',True): bad.append((n,f['path'],'in_example'))
    print(V,len(bad)); print(*bad[:25],sep='\n')
