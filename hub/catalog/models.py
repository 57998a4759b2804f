"""The tables of a record's path. :mod:`hub.catalog.writes` is their only writer, :mod:`hub.catalog.reads` their reader.

What came in (Source, Run, RawRecord, Record, what people decided, Union's tombstones) is kept for ever. What follows
from it (Bib, MatchKey, FullKey, Link, Question, Member, Holding and the content of Union) can be deleted and made again
by ``lienthong rebuild``.
"""

from django.db import models

from hub.network.models import Library

BigKey = models.BigIntegerField


class Source(models.Model):
    """Who sends records: one YAML file of ``harvest_config/sources``, or one ``lienthong import``."""

    name = models.CharField(max_length=100, unique=True)
    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="sources")
    connector = models.CharField(max_length=40)
    format = models.CharField(max_length=40)
    schedule = models.CharField(max_length=100, blank=True)
    trust = models.IntegerField(default=50)
    settings = models.JSONField(default=dict)  # the source file as validated: options, reading
    checkpoint = models.JSONField(default=dict)  # of the connector, after the last stored page
    lease_owner = models.CharField(max_length=100, blank=True)
    lease_expires = models.DateTimeField(null=True)
    fence = models.BigIntegerField(default=0)  # grows with each lease; a late writer's number is too small
    host = models.CharField(max_length=260, blank=True)  # the server that is asked, for the limit per host
    failures = models.IntegerField(default=0)  # runs in a row that the server let fail
    not_before = models.DateTimeField(null=True)  # the server asked for patience, or failed too often
    rest_reason = models.JSONField(default=dict)  # {"code", "facts"}: why it rests until then
    swept_at = models.DateTimeField(null=True)  # when its list was last compared whole with what is stored
    evidence = models.JSONField(default=dict)  # how its encoding was told, with counts from its own records
    listed = BigKey(default=0)  # the raw version up to which its records are in its library's own list


class Run(models.Model):
    """One harvest of one source and its ledger: received = created + updated + unchanged + deleted + rejected."""

    class Status(models.TextChoices):
        RUNNING = "running"
        SUCCEEDED = "succeeded"
        FAILED = "failed"
        EMPTY = "empty"  # ended well, yet nothing was received where records were expected: not a success

    class Kind(models.TextChoices):
        HARVEST = "harvest"
        SWEEP = "sweep"  # the whole list of identifiers compared with what is stored
        DECISION = "decision"  # what a person released or undid
        WINDOW = "window"  # what changed between two days, asked for again

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="runs")
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.RUNNING)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.HARVEST)
    full = models.BooleanField(default=False)
    pages = models.IntegerField(default=0)
    received = models.BigIntegerField(default=0)
    created = models.BigIntegerField(default=0)
    updated = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    deleted = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    announced = models.BigIntegerField(null=True)
    notes = models.JSONField(default=list)  # [{"code", "facts"}]: problems for the IT staff, the last one first

    class Meta:
        indexes = [models.Index(fields=["source", "-id"])]


class Record(models.Model):
    """One record of one source, by the source's own identifier; it keeps its number for ever."""

    class Due(models.IntegerChoices):
        """What the union has still to do for the record."""

        NOTHING = 0
        MATCH = 1  # its matches must be looked for again
        MERGE = 2  # its matches are known, its cluster must be made again

    class State(models.TextChoices):
        PENDING = "pending"  # received, not read yet
        LIVE = "live"
        DELETED = "deleted"
        REJECTED = "rejected"
        ASIDE = "aside"  # an authority or a holdings record: kept beside the catalog, no publication of its own

    id = models.BigIntegerField(primary_key=True)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, db_index=False, db_constraint=False)
    identifier = models.CharField(max_length=1000)
    datestamp = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, choices=State.choices)
    raw = BigKey()  # the RawRecord that is its present version
    good = BigKey(null=True)  # the RawRecord its content was last read from: an earlier one while ``raw`` is rejected
    fingerprint = models.BinaryField(max_length=32)
    due = models.SmallIntegerField(choices=Due.choices, default=Due.NOTHING)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "identifier"], name="record_identity")]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(state="pending"), name="record_pending"),
            models.Index(fields=["due", "id"], condition=models.Q(due__gt=0), name="record_due"),
            models.Index(fields=["source"], condition=models.Q(state="rejected"), name="record_rejected"),
            models.Index(fields=["source", "raw"], name="record_versions"),
        ]


class RawRecord(models.Model):
    """The bytes of one version of a record as received (zstd), never changed; every version is kept."""

    id = models.BigIntegerField(primary_key=True)
    record = models.ForeignKey(Record, on_delete=models.CASCADE, db_constraint=False)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, db_index=False, db_constraint=False)
    datestamp = models.CharField(max_length=40, blank=True)
    deleted = models.BooleanField(default=False)
    place = models.CharField(max_length=300)
    sha256 = models.BinaryField(max_length=32)
    body = models.BinaryField()


class Rejection(models.Model):
    """Quarantine: why a raw record could not be read. One row for each record whose present version is rejected.

    The record is rejected with it, unless an earlier version could be read: then that one's content stays.
    """

    record = models.OneToOneField(Record, on_delete=models.CASCADE, primary_key=True, db_constraint=False)
    raw = BigKey()
    code = models.CharField(max_length=60, db_index=True)
    facts = models.JSONField(default=dict)
    arrived = models.BooleanField(default=False)  # rejected as it arrived, before anybody tried to read it
    rejected_at = models.DateTimeField()
    rules = models.CharField(max_length=40, blank=True)  # the version of the reading rules that refused it
    tries = models.IntegerField(default=1)


class Removal(models.Model):
    """A deletion that is not carried out yet: a live record that the source says, or a sweep shows, to be gone.

    With ``raw`` the source has said so (the raw version that says it); without, the record was missing from a whole
    list, at ``since`` for the first time and at ``confirmed`` again.
    """

    record = models.OneToOneField(Record, on_delete=models.CASCADE, primary_key=True, db_constraint=False)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="removals")
    raw = BigKey(null=True)
    since = models.DateTimeField()
    confirmed = models.DateTimeField(null=True)
    hold = models.ForeignKey("Hold", on_delete=models.SET_NULL, null=True, related_name="removals")


class Hold(models.Model):
    """A change too large to be believed: it waits until a named person releases or refuses it."""

    class Kind(models.TextChoices):
        DELETIONS = "deletions"
        RENAMING = "renaming"  # many records vanish while new identifiers carry the same numbers

    class Verdict(models.TextChoices):
        OPEN = "open"
        RELEASED = "released"
        REFUSED = "refused"

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="holds")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    verdict = models.CharField(max_length=10, choices=Verdict.choices, default=Verdict.OPEN)
    count = models.BigIntegerField()  # records it would touch
    live = models.BigIntegerField()  # live records of the source when it was opened
    pairs = models.JSONField(default=list)  # of a renaming: [[record that vanished, record that came], …]
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=150, blank=True)
    reason = models.TextField(blank=True)


class FormerIdentifier(models.Model):
    """An identifier a record had before its source renamed it."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+")
    identifier = models.CharField(max_length=1000)
    record = models.ForeignKey(Record, on_delete=models.CASCADE, db_constraint=False, related_name="former")
    at = models.DateTimeField()


class Aside(models.Model):
    """A record that is no publication: an authority record, or a holdings record of a bibliographic one.

    ``key`` is what it is found by within its source: of a holdings record the 004, of an authority record the 001.
    """

    record = models.OneToOneField(Record, on_delete=models.CASCADE, primary_key=True, db_constraint=False)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, db_index=False, db_constraint=False)
    kind = models.CharField(max_length=10)  # "authority" | "holdings"
    key = models.CharField(max_length=300)
    marc = models.TextField()  # schemas.record.Record.pack()

    class Meta:
        indexes = [models.Index(fields=["source", "kind", "key"], name="aside_key")]


class Bib(models.Model):
    """What a live record says: the normalized MARC 21 record (packed) and its description for matching and search."""

    record = models.OneToOneField(Record, on_delete=models.CASCADE, primary_key=True, db_constraint=False)
    marc = models.TextField()  # schemas.record.Record.pack()
    description = models.TextField()  # hub.match.describe.Description as JSON
    traits = models.TextField(default="")  # hub.match.traits.Traits as hub.match.packed keeps them
    repairs = models.TextField(blank=True)  # JSON list of [rule, tag, before, after]; empty when nothing was repaired
    digest = models.BinaryField(max_length=16)  # of the packed record
    keys = models.BinaryField()  # its blocking keys, 8 bytes each
    copies = models.IntegerField(default=0)  # of its holdings together

    class Meta:
        indexes = [models.Index(fields=["copies"], name="bib_copies")]  # summed before each publication


class MatchKey(models.Model):
    """A blocking key: records that share one are compared."""

    pk = models.CompositePrimaryKey("key", "record")
    key = BigKey()
    record = models.ForeignKey(Record, on_delete=models.CASCADE, db_index=False, db_constraint=False)


class FullKey(models.Model):
    """A blocking key that so many records share that nothing is compared by it."""

    key = models.BigIntegerField(primary_key=True)
    shrunk = models.BooleanField(default=False)  # a record has left it since it was counted

    class Meta:
        indexes = [models.Index(fields=["key"], condition=models.Q(shrunk=True), name="fullkey_shrunk")]


class Link(models.Model):
    """What the rules said about two records, first < second: SAME, FITS or ASK, with the evidence."""

    pk = models.CompositePrimaryKey("first", "second")
    first = BigKey()
    second = BigKey(db_index=True)
    verdict = models.CharField(max_length=10)
    score = models.FloatField()
    evidence = models.TextField()  # what happened in each field, as hub.match.packed keeps it


class Decision(models.Model):
    """What a person decided about two records: an event, kept for ever, undone by another event."""

    first = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")
    verdict = models.CharField(max_length=10)  # SAME | DIFFERENT
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    reason = models.TextField(blank=True)
    undone_at = models.DateTimeField(null=True)
    pattern = models.CharField(max_length=300, blank=True)  # of the evidence when it was decided: hub.match.doubt
    batch = BigKey(null=True, db_index=True)  # the number of the first of several that were decided in one act

    class Meta:
        indexes = [
            models.Index(
                fields=["pattern", "verdict"], condition=models.Q(undone_at__isnull=True), name="decision_pattern"
            )
        ]


class Choice(models.Model):
    """A person chose the record that leads a union record, or that a field of it is taken from: kept for ever.

    It holds wherever that record is; of several in one union record the newest counts.
    """

    record = models.ForeignKey(Record, on_delete=models.CASCADE, db_constraint=False, related_name="+")
    tag = models.CharField(max_length=3, blank=True)  # of the field; empty: the record leads
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    reason = models.TextField(blank=True)
    undone_at = models.DateTimeField(null=True)


class GenericTitle(models.Model):
    """A title that a person found to say too little, as ``generic_titles`` of matching.yaml: kept for ever."""

    title = models.CharField(max_length=300, db_index=True)  # folded
    shown = models.CharField(max_length=300)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    reason = models.TextField(blank=True)
    undone_at = models.DateTimeField(null=True)


class Question(models.Model):
    """A pair of records that a person is asked about: made by the merge stage for the records it touches."""

    pk = models.CompositePrimaryKey("first", "second")
    first = BigKey()
    second = BigKey(db_index=True)
    verdict = models.CharField(max_length=10)  # ASK | SAME | FITS
    score = models.FloatField()
    pattern = models.CharField(max_length=300)
    cluster = BigKey()  # of the first
    other = BigKey()  # of the second
    doubt = models.CharField(max_length=20)  # hub.match.doubt.doubt
    language = models.CharField(max_length=10, blank=True)
    source = models.IntegerField()  # of the first
    beside = models.IntegerField()  # source of the second
    size = models.FloatField()  # hub.match.doubt.size of the smaller cluster
    gain = models.FloatField()  # size × likelihood: the order of the queue

    class Meta:
        indexes = [
            models.Index(fields=["-gain", "first", "second"], name="question_order"),
            models.Index(fields=["doubt", "-gain"], name="question_doubt"),
            models.Index(fields=["language", "-gain"], name="question_language"),
            models.Index(fields=["source", "-gain"], name="question_source"),
            models.Index(fields=["beside", "-gain"], name="question_beside"),
            models.Index(fields=["pattern"], name="question_pattern"),
        ]


class Move(models.Model):
    """A record went from one union record to another; ``after`` is empty when it belongs to none any more."""

    record = models.ForeignKey(Record, on_delete=models.CASCADE, db_constraint=False, related_name="+")
    before = BigKey(db_index=True)
    after = BigKey(null=True, db_index=True)
    at = models.DateTimeField()


class Union(models.Model):
    """A union record: one publication, with the number of its founder (the oldest member's record number).

    With one member the content is that member's (``marc`` is empty, nothing is stored twice). Editions, volumes and
    translations of one work have the same ``work``. A tombstone (``deleted``) points to the survivor where there is
    one.
    """

    id = models.BigIntegerField(primary_key=True)
    marc = models.TextField(blank=True)
    origins = models.TextField(blank=True)  # JSON: for each field of ``marc`` the record numbers it came from
    description = models.TextField(blank=True)
    digest = models.BinaryField(max_length=16)
    members = models.IntegerField(default=1)
    copies = models.IntegerField(default=0)
    work = models.BigIntegerField(default=0, db_index=True)  # hub.match.work.work_key; 0: none is known
    datestamp = models.DateTimeField()
    deleted = models.BooleanField(default=False)
    survivor = BigKey(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["datestamp", "id"]),
            models.Index(fields=["deleted", "copies"], name="union_copies"),
            models.Index(fields=["survivor"], condition=models.Q(survivor__isnull=False), name="union_survivor"),
        ]


class Selection(models.Model):
    """What may be harvested by itself: a set of union records (``language:vie``), or records as their library sent
    them (``own:VN-HP-0001``, and ``own`` for those of all libraries).

    ``note`` is what its items were listed by: of a library its kind, of its own list whether everybody may see it.
    """

    spec = models.CharField(max_length=100, unique=True)
    note = models.CharField(max_length=40, blank=True)


class Listed(models.Model):
    """An item of a selection, when it last changed there; ``gone`` once it has left: kept for ever.

    The item is a union record, or in an own list a record, with the raw version that is given.
    """

    pk = models.CompositePrimaryKey("item", "selection")
    item = BigKey()
    selection = models.IntegerField()
    at = BigKey()  # microseconds since 1970, UTC
    gone = models.BooleanField(default=False)
    version = BigKey(default=0)

    class Meta:
        indexes = [models.Index(fields=["selection", "at", "item"], name="listed_order")]


class Member(models.Model):
    """Which union record a live record belongs to: the cluster."""

    record = models.OneToOneField(Record, on_delete=models.CASCADE, primary_key=True, db_constraint=False)
    union = BigKey(db_index=True)


class Holding(models.Model):
    """Copies of a record at a library: who has it, where, under which call number, how many."""

    record = models.ForeignKey(Record, on_delete=models.CASCADE, db_constraint=False)
    library = models.ForeignKey(Library, on_delete=models.PROTECT)
    location = models.CharField(max_length=300, blank=True)
    call_number = models.CharField(max_length=300, blank=True)
    accessions = models.TextField(blank=True)  # accession numbers, one a line
    copies = models.IntegerField(default=1)
    status = models.CharField(max_length=10, blank=True)  # hub.normalize.holdings.Held.status


class Correction(models.Model):
    """What a librarian of the library corrected in one field of its record: an event, kept for ever, undone by a time.

    ``said`` is what the source said when it was made, ``old`` the same as normalization had it, ``new`` what the person
    says. It is applied whenever the record is read (:mod:`hub.normalize.corrections`), for as long as the source still
    says the one or normalization still gives the other. Of one field the newest that is not undone counts.
    """

    record = models.ForeignKey(Record, on_delete=models.CASCADE, db_constraint=False, related_name="corrections")
    field = models.CharField(max_length=20)
    said = models.TextField(blank=True)
    old = models.TextField(blank=True)
    new = models.TextField(blank=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=150, blank=True)


class Quality(models.Model):
    """How good the records of a library were on a day: the last assessment of that day, kept for the trend.

    ``parts`` gives for each part of the formula how many records have it, ``faults`` how many records have each fault
    (:mod:`hub.normalize.quality`).
    """

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="qualities")
    day = models.DateField()
    at = models.DateTimeField()
    records = models.IntegerField()
    united = models.IntegerField()  # of them in the union catalog
    duplicates = models.IntegerField(default=0)  # groups of them that are one publication
    copies = models.IntegerField(default=0)
    score = models.FloatField()
    parts = models.JSONField(default=dict)
    faults = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["library", "day"], name="quality_of_day")]
