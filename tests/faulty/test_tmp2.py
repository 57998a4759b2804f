import requests
requests.Session.get_redirect_target = lambda self, r: None
import time, os
from tests.faulty.fleet import *
from hub.catalog.models import *
def tell(tag, d):
    print(f"  {tag}:", {k: (len(getattr(d,k)), getattr(d,k)[:6]) for k in ("lost","stale","phantom","invented","wrongly_deleted","without_bytes") if getattr(d,k)}, "quar", d.quarantined)
def test_fleet(store):
    n,size,rounds,seed=[int(x) for x in os.environ.get("FL","3,40,2,0").split(",")]
    t=time.time()
    with fleet(n,size,seed=seed) as f:
        d=drill(f,rounds); tell("increments", d); print(time.time()-t)
        tell("settled", settle(f)); print(time.time()-t)
        for k,v in f.failures.items(): print(k, v)
        print([ (h.source.name,h.kind,h.verdict,h.count) for h in Hold.objects.all()])
        for s in f.servers: print(s.conduct)
        print({m.config.name: m.responder.deepest for m in f.members if m.responder.deepest})
        before=RawRecord.objects.count(); f.harvest(); print("new raws", RawRecord.objects.count()-before, time.time()-t)
        for r in Run.objects.filter(status="running"): print("running", r.source.name)
        for raw in RawRecord.objects.order_by("-id")[:3]: print(raw.record.identifier, raw.run.pk, raw.place, raw.datestamp, raw.record.state, raw.deleted, raw.record.datestamp, [ (v.datestamp, v.deleted, v.place) for v in RawRecord.objects.filter(record=raw.record)])
