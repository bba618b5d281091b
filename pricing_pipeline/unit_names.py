"""What unit words are called: one singular snake_case metric for the same thing, one name for a period, and where a
unit phrase ends."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from pricing_pipeline.nouns_abroad import INCLUDED, NOUNS


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_PERIOD_WORDS = {
    "hour": "hour hours hr hrs h hourly stunde stündlich heure hora ora uur timme time stunda час",
    "day": "day days daily tag täglich jour día dia giorno dag den dzień день",
    "week": "week weeks wk weekly woche wöchentlich semaine semana settimana vecka uge uke tydzień неделя неделю",
    "month": "month months mo mos mth mths monthly monat monate monatlich mois mensuel mensuellement mes mês meses mensual "
    "mensuales mensualmente mensal mensais mese mensile mensili maand maandelijks månad mån månadsvis måned mnd md "
    "měsíc měsíčně miesiąc mies miesięcznie miesięczny kuukausi kk luna lună lunar hónap hó ay "
    "месяц мес 月 ヶ月 月間 か月",
    "quarter": "quarter quarters quarterly qtr quartal trimestre",
    "half_year": "semester halbjahr semestre",
    "year": "year years yr yrs yearly annum annual annually jahr jahre jährlich année annee an ans annuel annuellement "
    "annuelle año años anual anualmente anno annuo jaar jaarlijks år årligt årlig årligen rok ročně rocznie rocznik "
    "vuosi an év yıl год 年 年間",
    "one_time": "once one-time onetime lifetime einmalig",
}
PERIODS = {word: period for period, words in _PERIOD_WORDS.items() for word in words.split()}
_ABBREVIATED = {"y": "year", "d": "day", "w": "week", "p.a": "year", "pa": "year"}
ADVERBS = frozenset(
    word
    for word in PERIODS
    if word.endswith(("ly", "lich", "ment", "mente")) or word in ("annual", "mensual", "mensuel", "mensal")
)

# What people call somebody who pays for a login. A viewer or a guest often pays less, so they stay apart.
_SEATS = _set(
    "user seat member editor person licence license teammate collaborator developer contributor team_member user_seat "
    "licensed_user named_user paid_user paid_seat team_user user_license user_licence workspace_member full_seat "
    "platform_user developer_seat editor_seat team_seat named_seat uživatel пользователь member_seat paid_member head"
)
_DATA = {
    "gb": "gb gib gigabyte gigabytes gbs gigs gig", "tb": "tb tib terabyte terabytes tbs",
    "mb": "mb mib megabyte megabytes mbs",
    "kb": "kb kib kilobyte kilobytes", "pb": "pb pib petabyte petabytes",
}  # fmt: skip
_TIME = {
    "millisecond": "ms millisecond milliseconds", "second": "sec secs second seconds",
    "minute": "min mins minute minutes",
    "hour": "hour hours hr hrs", "day": "day days", "week": "week weeks", "month": "month months",
    "year": "year years yr yrs",
}  # fmt: skip
SCALES = {word: name for table in (_DATA, _TIME) for name, words in table.items() for word in words.split()}
_ODD = {
    "kubernetes": "kubernetes", "people": "person",
    "persons": "person", "data": "data", "series": "series", "sms": "sms", "business": "business",
    "children": "child",
    "indices": "index", "vertices": "vertex", "aws": "aws", "movies": "movie", "status": "status",
    "analyses": "analysis", "mau": "monthly_active_user",
    "maus": "monthly_active_user", "reqs": "request", "req": "request", "apis": "api", "caches": "cache",
    "devs": "developer", "repos": "repository",
    "repo": "repository", "apps": "app", "vcpus": "vcpu", "cpus": "cpu", "gpus": "gpu", "vms": "vm",
    "addresses": "address", "mtu": "monthly_tracked_user",
    "mtus": "monthly_tracked_user", "msgs": "message", "txns": "transaction", "databases": "database",
    "licences": "licence", "licenses": "license",
}  # fmt: skip
# Nouns that vendors meter; a count of something else may still be a fact, but nobody can tell from the word alone.
KNOWN = _set(
    "credit token event request call query row record run job task pipeline workflow connector connection project "
    "workspace dashboard deployment environment message email contact document page image execution invocation "
    "transaction invoice device host node container vcpu cpu gpu core cluster database site website domain subdomain "
    "app application bot channel campaign report form submission response visitor pageview view session check monitor "
    "log span metric trace file asset item product order location number instance vm machine source destination sync "
    "integration automation flow step table model operation action recording scan system repository branch build "
    "backup team organization business account client customer company brand profile keyword link video stream "
    "subscriber follower unit agent guest viewer admin unlock lookup search conversation ticket inbox mailbox alert "
    "test endpoint key user seat member entry point cell board space release flag schema index subscription sms "
    "mailing notification crawl feature secret worker function server service role group policy region replica "
    "snapshot collection bucket object download upload install screen meeting call_minute note credit_card ip address "
    "zone certificate tag widget error replay listing student course patient vehicle driver store learner room appointment "
    "booking survey quiz signature envelope template episode photo avatar lead proposal contract shipment artifact incident "
    "dataset experiment prompt generation chatbot article post employee participant attendee recipient newsletter calendar "
    "funnel heatmap payment entity impression"
) | _SEATS  # fmt: skip
# A word for so many of a unit: "$3 / MTok".
BUNDLES = {
    "mtok": ("token", 1_000_000), "mtokens": ("token", 1_000_000), "ktok": ("token", 1000), "ktokens": ("token", 1000),
}  # fmt: skip
_DROPPED = _set(
    "a an the each every extra additional added add-on addon overage more further included includes include free new "
    "your our of consumed used total full up to only just per any excess incremental"
)
# Words that may lead a unit ("per additional GB", "100 extra credits"), and end it anywhere else.
_LEADING = _set("extra additional added more further included monthly active daily hourly unique excess")
_STOP = (
    _set(
        "per a an each every and or with for on in at to if when then than that this these those is are was were be been "
        "will can may from by as plus included includes include including free unlimited up we you your our they it its "
        "not no but after before over beyond above below under within without via until during starting billed paid "
        "charged invoiced max maximum min minimum only just also get start try learn contact see every across off save "
        "more about all any both same what which who how do does has have had i while additional extra ago later old "
        "worth monthly yearly annually weekly daily quarterly par pro por je und oder et y mit für pour ab thereafter "
        "such there here"
    )
    | INCLUDED
)
WORD = r"[^\W\d_](?:[\w'’+]|-(?=[^\W\d_]))*+"
_OF_EACH = re.compile(r"(?:\bper|/|\beach|\bevery)\s*([^\W\d_][\w ]*)$", re.IGNORECASE)
_RUN = re.compile(rf"{WORD}(?:[ \xa0](?:& ?)?{WORD}){{0,5}}")


def period(words: str) -> str | None:
    """The period that words such as "month", "mo", "yearly" or "per annum" name: hour, day, week, month, quarter,
    half_year, year, one_time."""
    plain = words.casefold().strip(" \xa0/.,()").removeprefix("per ").removeprefix("a ")
    found = PERIODS.get(plain) or _ABBREVIATED.get(plain)
    return found or ("one_time" if plain in ("one time", "one-off") else None)


def of_each(printed: str | None) -> str | None:
    """The metric of which each has a count of its own: `seat` for "credits per user"; None for a count of a whole, or a time."""
    found = _OF_EACH.search(printed or "")
    if found is None or found.group(1).casefold() in SCALES or period(found.group(1)):
        return None
    return metric(found.group(1))


def is_known(name: str) -> bool:
    """Whether a metric's noun is one that vendors are known to meter ("log_entry", "storage_gb"), rather than any
    noun at all."""
    head = name.rsplit("_", 1)[-1]
    return head in KNOWN or head in _DATA or head in _TIME or name in KNOWN


@lru_cache(maxsize=4096)
def metric(words: str) -> str | None:
    """The metric that unit words name: singular snake_case, with one name for what is the same ("users", "seats" →
    `seat`).

    A measure of something carries it: "GB of storage" → `storage_gb`, "14-day retention" → `retention_day`. Time on a
    vendor's own machines is one family: "serverless hours", "hours of serverless compute" → `serverless_minute`
    (see `family`). Any other noun becomes its own metric.
    """
    parts = [part for part in re.split(r"[^\w+]+", words.casefold().replace("’", "'").replace("'s", "")) if part]
    while parts and (parts[0] in _DROPPED or _is_lead(parts)):
        parts.pop(0)
    while parts and parts[-1] in _DROPPED:
        parts.pop()
    if not parts or parts[0].isdigit():
        return None
    scale = SCALES.get(parts[0])
    if scale and len(parts) > 1:
        return _measured(scale, [part for part in parts[1:] if part not in ("of", "the", "a", "per")])
    if "of" in parts:
        place = parts.index("of")
        parts = parts[place + 1 :] if parts[:place] in (["number"], ["amount"], ["count"]) else parts[:place] or parts
    return _named(parts)


def _is_lead(parts: list[str]) -> bool:
    """Whether "monthly" says how often the unit comes ("monthly credits"), not which unit it is ("monthly active
    users")."""
    return parts[0] in ADVERBS and len(parts) > 1 and parts[1] not in ("active", "tracked", "unique", "engaged")


def _measured(scale: str, of_what: list[str]) -> str:
    if scale in _DATA and of_what and of_what[0] in SCALES:  # GB-hour, GB-month, GB-month of storage
        return "_".join([*of_what[1:], scale, SCALES[of_what[0]]])
    if "serverless" in of_what and scale in ("second", "minute", "hour"):
        return "serverless_minute"
    of_what = of_what[1:] if of_what[:1] == ["free"] else of_what
    if (
        scale in _DATA and len(of_what) == 1 and (of_what[0].endswith("ed") or of_what[0] in _PARTICIPLES)
    ):  # GB transferred, read
        return f"{scale}_{of_what[0]}"
    return "_".join([*(_singular(part) if part == of_what[-1] else part for part in of_what), scale])


def _named(parts: list[str]) -> str:
    head = SCALES.get(parts[-1]) or _singular(parts[-1])
    if "serverless" in parts and head in ("second", "minute", "hour", "compute"):
        return "serverless_minute"
    name = "_".join([*parts[:-1], head])
    return "seat" if name in _SEATS else name


_PARTICIPLES = frozenset({"read", "written", "sent", "in", "out"})


def _singular(word: str) -> str:
    if word in _ODD:
        return _ODD[word]
    if word in NOUNS:
        return NOUNS[word]
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y" if len(word) > 4 else word[:-1]
    return word[:-2] if word.endswith(("sses", "xes", "ches", "shes", "zes")) else word[:-1]


def family(name: str, printed: str) -> Decimal:
    """How many of the metric one printed unit is: 60 for serverless hours, which rest as minutes, else 1.

    Only serverless compute is one family: vendors switch between minutes and hours of it, and a switch must not look
    like a sixtyfold change. A GPU hour or a support hour stays what it is called.
    """
    if name != "serverless_minute":
        return Decimal(1)
    return Decimal(60) if re.search(r"\b(?:hours?|hrs?)\b", printed, re.IGNORECASE) else Decimal(1)


def phrase(text: str, start: int, *, plural: bool = False, single: bool = False) -> str | None:
    """The unit words that start at a position: up to the noun that they lead to.

    `plural` refuses an unknown singular ("3 simple"); `single` ends at the first metered noun ("per check sufficient").
    """
    run = _RUN.match(text, start, start + 80)
    if not run:
        return None
    words = re.split(r"[ \xa0]", run.group())
    kept: list[str] = []
    for place, word in enumerate(words):
        if _ends(word, kept, words[place + 1 :]):
            break
        kept.append(word)
        if _closes(word, words[place + 1 :]) or (single and _is_last(word, words[place + 1 :])):
            break
    while kept and kept[-1].casefold() in ("&", "of", "and"):
        kept.pop()
    return _accepted(text, start, kept, plural=plural)


def _accepted(text: str, start: int, kept: list[str], *, plural: bool) -> str | None:
    if not kept or len(kept) > 5:
        return None
    head = kept[-1].casefold()
    known = head in SCALES or kept[0].casefold() in SCALES or _singular(head) in KNOWN or head in _ODD
    if plural and not known and not (head.endswith("s") and not head.endswith("ss")):
        return None
    if not known and len(kept) > 3:
        return None
    return text[start : start + sum(map(len, kept)) + len(kept) - 1]


def _ends(word: str, kept: list[str], rest: list[str]) -> bool:
    """Whether a word is no part of the unit any more: a stop word, or the next button's label glued on."""
    plain = word.casefold()
    if not kept and plain in _LEADING:
        return False
    if plain == "&":
        return not kept or _is_plural(kept[-1]) or not rest
    if plain == "of":
        return not kept or kept[0].casefold().partition("-")[0] not in SCALES
    if plain == "free" and kept and rest and rest[0].casefold() == "trial":
        return False
    shouts = bool(kept) and kept[0][0].islower() and word[0].isupper() and not word.isupper() and kept[-1] != "&"
    if shouts and (not rest or kept[-1] in SCALES):
        return True
    return plain in _STOP or bool(kept and plain in PERIODS and plain not in SCALES)


def _closes(word: str, rest: list[str]) -> bool:
    """Whether the unit is complete with this word: a plural noun, unless a measure or a name goes on ("Ads accounts")."""
    follow = rest[0] if rest else ""
    plain = follow.casefold()
    if word.casefold() in SCALES:
        return plain in _STOP - {"free"} or not follow
    known = _singular(plain) in KNOWN
    if _is_plural(word):
        return not (known and (_is_plural(follow) or (word[0].isupper() and follow[0].islower())))
    return _singular(word.casefold()) in KNOWN and (not follow or plain in _STOP or plain.endswith("ed"))


def _is_last(word: str, rest: list[str]) -> bool:
    """Whether a metered noun is followed by a word that meters nothing."""
    plain = word.casefold()
    if not rest or _singular(plain) not in KNOWN:
        return False
    follow = _singular(rest[0].casefold())
    return follow not in KNOWN and follow not in SCALES


def _is_plural(word: str) -> bool:
    plain = word.casefold()
    if plain in _ODD:
        return _ODD[plain] != plain
    if plain in NOUNS:
        return True
    # VMs and vCPUs are plurals, SMS and DDoS are not.
    inner = word[1:-1]
    acronym = any(char.isupper() for char in inner) and not (inner.isupper() and word[-1] == "s")
    return plain.endswith("s") and not plain.endswith(("ss", "us", "is")) and not word.isupper() and not acronym
