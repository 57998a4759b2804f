import requests
requests.Session.get_redirect_target = lambda self, r: None
import time, os
from tests.faulty.fleet import *
from tests.faulty.fleet import TRANSIENT
from tests.faulty import protocol
from hub.catalog.models import *
from django.db.models import Q
def tell(tag, d):
    print(f"  {tag}:", {k: (len(getattr(d,k)), getattr(d,k)[:3]) for k in ("lost","stale","phantom","invented","wrongly_deleted","without_bytes") if getattr(d,k)}, "quar", d.quarantined)
def test_fleet(catalog):
    name=os.environ["M"]
    with fleet(10,150) as f:
        f.members=[m for m in f.members if m.config.name==name]
        m=f.members[0]
        print([ (o.fault.name,o.every,o.most) for o in m.responder.occurrences], m.outage, m.config.options)
        if os.environ.get("V"):
            old=m.responder.answer
            def answer(q,packed):
                r=old(q,packed=packed); print("   >>", q[:150], r.status, len(r.body), [o.times for o in m.responder.occurrences]); return r
            m.responder.answer=answer
        last=0
        def show(tag):
            nonlocal last
            tell(tag, f.compare())
            for run in Run.objects.filter(pk__gt=last).order_by("pk"):
                print("     run", run.kind, run.status, "full" if run.full else "", run.received, run.created, run.updated, run.unchanged, run.deleted, run.rejected, [ (n["code"], n["facts"].get("received"), n["facts"].get("announced"), n["facts"].get("detail"),n["facts"].get("count")) for n in run.notes][:8]); last=run.pk
            print("     ", {k:v for k,v in Source.objects.get().checkpoint.items()if k!="token"}, [(h.pk,h.verdict,h.count) for h in Hold.objects.all()], Removal.objects.count())
        f.harvest(); show("first")
        for number in range(3):
            f.change(backdated=("quirky","broken")); f.fail(number==1)
            print("now", m.repository.now)
            f.harvest(full=lambda member, turn=number: crc32(member.config.name.encode()) % 3 == turn % 3); show(f"harvest {number}")
            f.sweep("broken"); show(f"sweep {number}")
            f.refuse_holds()
        f.fail(False); m.repository.pass_time(timedelta(minutes=10)); f.harvest(); show("last")
        m.repository.pass_time(timedelta(days=1)); f.harvest(); show("after a day"); f.sweep(); show("swept"); f.sweep(); show("swept")
        print(f.failures)
