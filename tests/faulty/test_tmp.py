import time, sys
import pytest
from hub.stages.harvest import harvest
from hub.catalog.models import Run
from tests.faulty.fleet import *
from tests.faulty.server import serving

def one(name, manners=None, fault=None, every=1, most=10**6, size=40, **options):
    repo = Repository(name, size, manners)
    r = Responder(repo)
    if fault: r.occurrences.append(Occurrence(FAULTS[fault], every, most))
    return r

def tell(tag, d):
    print(f"  {tag}:", {k: (len(getattr(d,k)), getattr(d,k)[:2]) for k in ("lost","stale","phantom","invented","wrongly_deleted","without_bytes") if getattr(d,k)}, "quar", d.quarantined)

def tryit(config, **k):
    try:
        reports = harvest(config, **k)
        return [ (r.stage, r.counts, [p.code for p in r.problems]) for r in reports]
    except Trouble as t:
        return t.problem.code, t.problem.facts

@pytest.mark.parametrize("every", [1,3])
@pytest.mark.parametrize("fault", FAULTS)
def test_fault(catalog, fault, every):
    r = one("f", fault=fault, every=every)
    with serving({"f": r}) as server:
        o = dict(tries=2, deadline="0.6s", max_wait="2s", interval="0s") if every==1 else dict(deadline="1s")
        m = Member("x", r, source("f", server.address("f"), **o))
        t=time.time()
        print(fault, every, FAULTS[fault].lasting)
        print("  ", tryit(m.config, now=True))
        print("   notes", [[n["code"] for n in run.notes] for run in Run.objects.all()])
        tell("first", compare(m)); print("   t", time.time()-t)
        if every==1:
            r.repository.change(); print("  ", tryit(m.config, now=True)); tell("incr", compare(m))
            r.occurrences.clear(); 
            for h in Hold.objects.filter(verdict="open"): print("   hold", h.count); removals.refuse(h, "x")
            print("  ", tryit(m.config, now=True)); tell("healed", compare(m))
            for _ in range(2):
                print("  ", [ (x.stage,x.counts) for x in [sweep_source(m.config, now=True)]]); tell("swept", compare(m))
        print("   ", server.conduct.requests, server.conduct.too_early, r.deepest, time.time()-t)

@pytest.mark.parametrize("quirk", QUIRKS)
def test_quirk(catalog, quirk):
    q = QUIRKS[quirk]
    r = one("q", q.on(Manners()))
    with serving({"q": r}) as server:
        m = Member("x", r, source("q", server.address("q"), **q.options))
        t=time.time()
        print(quirk, q.increments)
        print("  ", tryit(m.config, now=True)); tell("first", compare(m))
        for n in range(4):
            if r.repository.manners.offset: r.during += [r.repository.update]*2
            r.repository.change(backdated=n==3); print("  ", tryit(m.config, now=True, full=n==2)); r.repository.pass_time(timedelta(minutes=10)); tryit(m.config, now=True); tell("incr", compare(m))
        r.repository.pass_time(timedelta(days=1)); tryit(m.config, now=True); tell("last incr", compare(m))
        for _ in range(2):
                print("  ", [ (x.stage,x.counts, [p.code for p in x.problems]) for x in [sweep_source(m.config, now=True)]]); tell("swept", compare(m))
        before = RawRecord.objects.count()
        tryit(m.config, now=True); 
        if RawRecord.objects.count() != before: print("!!! not idempotent", RawRecord.objects.count() - before)
        print("   notes", [[n["code"] for n in run.notes] for run in Run.objects.all()], Hold.objects.count())
        print("   ", server.conduct.requests, server.conduct.too_early, r.deepest, time.time()-t)
