"""Reading comparisons and superlatives: "cheaper than", "the cheapest plan", "the highest rated"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pricing_pipeline.claims.claim import Compared, Foremost, Kind, Order, Subject
from pricing_pipeline.claims.found import Found
from pricing_pipeline.claims.passages import Block
from pricing_pipeline.claims.reviews import publisher_in
from pricing_pipeline.claims.subjects import Mention
from pricing_pipeline.claims.uses import Use, nearest, uses
from pricing_pipeline.claims.views import View

_PRICE = (
    r"(?:price|fee|cost|bill|platform\sfee|monthly\s(?:fee|price|cost|bill)|headline\sprice|entry\sprice|"
    r"starting\sprice|price\stag)"
)
_ORDERS: tuple[tuple[Order, str], ...] = (
    (
        Order.CHEAPER,
        (
            rf"wins(?=\s*[.,;)]|$)|cheaper|better\s(?:buy|deal|value|bargain)|less\s(?:expensive|costly|pricey)|more\s(?:affordable|economical)|lower[\s-]priced|"
            rf"costs?\sless|(?:has|have|with|at|offers?|charges?)\sa\s(?:lower|smaller)\s{_PRICE}"
        ),
    ),
    (
        Order.DEARER,
        (
            rf"(?:more|twice\sas|three\stimes\sas|much\smore)\s(?:expensive|costly|pricey)|worse\s(?:buy|deal|value)|dearer|pricier|costlier|"
            rf"higher[\s-]priced|costs?\smore|(?:has|have|with|at|charges?)\sa\s(?:higher|larger|bigger)\s{_PRICE}"
        ),
    ),
    (
        Order.RATED_HIGHER,
        (
            r"outscores|outranks|rated\s[^.;]{0,60}?,\s(?:higher|better)(?=\sthan)|(?:higher|better)[\s-]rated|rate[sd]\s(?:higher|better)|scores?\s(?:higher|better)|(?:has|have|with|"
            r"holds)\sa\s(?:higher|better)\s(?:\w+\s)?(?:rating|score)"
        ),
    ),
    (
        Order.RATED_LOWER,
        (
            r"trails|rated\s[^.;]{0,60}?,\s(?:lower|worse)(?=\sthan)|(?:lower|worse)[\s-]rated|rate[sd]\s(?:lower|worse)|scores?\s(?:lower|worse)|(?:has|have|with|"
            r"holds)\sa\s(?:lower|worse)\s(?:\w+\s)?(?:rating|score)"
        ),
    ),
    (Order.MORE_REVIEWS, r"more\s(?:\w+\s)?reviews|reviewed\smore\soften"),
    (Order.FEWER_REVIEWS, r"(?:fewer|less)\s(?:\w+\s)?reviews|reviewed\sless\soften"),
    (
        Order.SAME_PRICE,
        (
            r"cost(?:s)?\s(?:exactly\s)?(?:the\ssame|different\s(?:amounts|sums|prices))|(?:has|have)\sthe\ssame\sprice|(?:is|are)\spriced\sthe\ssame|same\sprice\sas|"
            r"(?<!times\s)(?<!twice\s)(?<!half\s)as\s(?:expensive|cheap)\sas|costs?\sas\smuch\sas"
        ),
    ),
)
_COMPARED = re.compile(
    r"\b(?:" + "|".join(f"(?P<{order.value}>{words})" for order, words in _ORDERS) + r")\b", re.IGNORECASE
)
_FIRSTS: tuple[tuple[Order, str], ...] = (
    (
        Order.CHEAPER,
        (
            rf"(?:the\s|its\s|their\s|our\s)?(?:cheapest|least\s(?:expensive|costly)|lowest[\s-](?:priced|cost)|"
            rf"most\s(?:affordable|economical)|lowest\s{_PRICE})|costs?\sthe\sleast|charges?\sthe\sleast"
        ),
    ),
    (
        Order.DEARER,
        (
            rf"(?:the\s|its\s|their\s|our\s)?(?:most\s(?:expensive|costly)|priciest|dearest|costliest|"
            rf"highest[\s-](?:priced|cost)|highest\s{_PRICE})|costs?\sthe\smost|charges?\sthe\smost"
        ),
    ),
    (
        Order.RATED_HIGHER,
        (
            r"(?:the\s)?(?:highest|best|top)[\s-](?:rated|rating|scored)|(?:the\s)?(?:highest|best|"
            r"top)\s(?:\w+\s)?(?:rating|score)|rated\s(?:the\s)?(?:highest|best)"
        ),
    ),
    (
        Order.RATED_LOWER,
        (
            r"(?:the\s)?(?:lowest|worst)[\s-](?:rated|rating|scored)|(?:the\s)?(?:lowest|"
            r"worst)\s(?:\w+\s)?(?:rating|score)|rated\s(?:the\s)?(?:lowest|worst)"
        ),
    ),
    (Order.MORE_REVIEWS, r"(?:the\s)?most[\s-]reviewed|the\smost\s(?:\w+\s)?reviews"),
    (Order.FEWER_REVIEWS, r"(?:the\s)?least[\s-]reviewed|the\sfewest\s(?:\w+\s)?reviews"),
)
_FIRST = re.compile(
    r"\b(?:" + "|".join(f"(?P<{order.value}>{words})" for order, words in _FIRSTS) + r")\b", re.IGNORECASE
)
_THAN = re.compile(
    r"[^.;]{0,60}?\b(?:than|as|to)\s+(?:the\s+|its\s+|that\sof\s+|those\sof\s+|on\s+|with\s+)*", re.IGNORECASE
)
_DIRECT = re.compile(r"outscores|outranks|trails|undercuts?", re.IGNORECASE)
_OBJECT_OF = re.compile(r"\s+(?:(?:its|the|that\sof)\s(?:\w+\s)?)?")
# Who is the second is not the first.
_NEXT = re.compile(r"\b(?:second|third|next|second-|third-)[\s-]?$", re.IGNORECASE)
_OF_THE_TWO = re.compile(r"\s*(?:\w+\s)?of\s(?:the|these|both|its|their)\s(?:two|pair)", re.IGNORECASE)
_NOT = re.compile(r"(?:n['’]t|\b(?:not|no|never|neither|nor|hardly))\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
_LIMITED = re.compile(
    r"\b(?:if|when|once|unless|depend\w*|at\sscale|scale[sd]?|heavy|heavier|large[rs]?|small(?:er)?|"
    r"light(?:er)?|most\steams|some|sometimes|often|usually|typically|usage|may|might|can\sbe|could|would|"
    r"in\sthe\slong\srun|over\stime|to\s(?:run|operate|start|begin|learn|maintain)|per\s(?:credit|minute|"
    r"user|seat|unit)|for\s(?:a|an|teams?|those|anybody|anyone|companies)|annual\w*|yearly)\b",
    re.IGNORECASE,
)
_WAY = re.compile(
    r"\s+(?!plans?\b|tiers?\b|paid\b|options?\b|offers?\b|of\b|choice\b|products?\b|tools?\b|vendors?\b|"
    r"editions?\b|subscriptions?\b|entry\b|hosted\b|is\b|on\b|at\b|in\b|among\b|here\b|and\b|for\b|by\b|"
    r"with\b|one\b|platform\b|managed\b|price\b|way\sto\s(?:begin|start)|way\sin\b|point\sof\sentry|ticket\b|because\b|since\b)[a-z]"
)
_PAID = re.compile(r"\s*paid\b", re.IGNORECASE)
_AMONG_PAID = re.compile(r"\b(?:among|of)\s(?:all\s)?(?:the\s|its\s|their\s)?paid\b", re.IGNORECASE)
_HEADED = re.compile(
    r"[^.;]{0,40}?(?:\bis\b|\bare\b|,|:|–|—|\(|\bcomes\sfrom\b|\bgoes\sto\b)\s*(?:the\s|its\s|called\s|"
    r"still\s|now\s)*$",
    re.IGNORECASE,
)
_REPLACES = re.compile(r"\b(?:place|replac\w+|overtak\w+|beats?|loses?|lost)\b", re.IGNORECASE)
_AMONG = re.compile(
    r"\bof\s(?:everything|anything)\b|\bof\s(?:the|these|all|both)\s(?:two|three|four|five|vendors|products|tools|platforms)|\b(?:among|"
    r"across)\b|\b(?:on|in)\sthis\s(?:page|list|comparison|table)\b|\boverall\b",
    re.IGNORECASE,
)


def rankings(view: View) -> Iterator[Found]:
    """The comparisons and superlatives of a sentence."""
    if (
        view.is_question
        or view.is_header
        or (view.passage.block is Block.HEADING and not re.search(r"\b(?:is|are|has|costs?)\b", view.text))
    ):
        return
    used = view.once(uses)
    for found in _COMPARED.finditer(view.text):
        yield from _compared(view, found, used)
    for found in _FIRST.finditer(view.text):
        yield from _foremost(view, found, used)
    yield from _unsurpassed(view)


def _compared(view: View, found: re.Match[str], used: list[Use]) -> Iterator[Found]:
    order = next(order for order, _ in _ORDERS if found[order.value])
    start, end = found.start(), found.end()
    others, subjects = _sides(view, order, start, end)
    if not others or not subjects:
        return
    first, last = view.clause(start)
    is_of_unit = (
        _UNITS.search(view.text, first, start) is not None or _AT_WHICH.search(view.text, first, start) is not None
    )
    near = [use for use in used if first <= use.start < last]
    said = Compared(
        order=order,
        others=others,
        usage=nearest(near, start, (first, last), threshold=True),
        bound=_bound(view, near, first, start),
        publisher=publisher_in(view.text),
        is_conditional=is_of_unit or (not near and _is_limited(view)),
        is_negated=(_NOT.search(view.text, first, start) is not None)
        is not found.group().casefold().startswith(_DIFFERENT),
    )
    yield Found(kind=Kind.COMPARISON, said=said, start=start, end=end, subjects=subjects, when=view.when(start, end))


_DIFFERENT = ("cost different", "costs different")
# What is dearer is a credit, and no plan; where two cost the same is said of a use that stands elsewhere.
_UNITS = re.compile(
    r"\b(?:its|their|an?|each|extra|per[\s-])\s?(?:extra\s)?(?:credit|minute|hour|run|seat|user|row|event|gb|unit|overage|rate)s?\b[^,;]{0,30}$",
    re.IGNORECASE,
)
_AT_WHICH = re.compile(r"\b(?:at|from|above|below)\swhich\b|\bwhere\b", re.IGNORECASE)


def _is_limited(view: View) -> bool:
    """Whether a word limits what is said; a plan that is called Scale does not."""
    return any(
        not any(one.start <= found.start() < one.end for one in view.mentions) for found in _LIMITED.finditer(view.text)
    )


_BELOW = re.compile(r"\b(?:below|under|up\sto)\s(?:it|that|this|which)\b", re.IGNORECASE)
_ABOVE = re.compile(r"\b(?:above|beyond|over|past|from\sthere)\s(?:it|that|this|which|on)\b", re.IGNORECASE)


def _bound(view: View, near: list[Use], first: int, start: int) -> str | None:
    """Whether a comparison holds below or above the use: as the use itself says, or "below it" behind it."""
    if not near:
        return None
    use = min(near, key=lambda one: abs(one.start - start))
    between = view.text[max(first, min(use.start, start)) : start]
    return use.bound or ("below" if _BELOW.search(between) else "above" if _ABOVE.search(between) else None)


def _sides(view: View, order: Order, start: int, end: int) -> tuple[tuple[Subject, ...], tuple[Subject, ...]]:
    """Who is compared with (first) and who is said to come before them."""
    first, last = view.clause(start)
    before = [one for one in view.mentions if first <= one.end <= start]
    after = [one for one in view.mentions if end <= one.start < last]
    if order is Order.SAME_PRICE and len(before) > 1 and not after:
        return before[-1].subjects, before[-2].subjects
    if order is Order.SAME_PRICE and len(before) == 1 and len(before[0].subjects) == 2 and not after:
        # "both Starter plans": one name of two
        return before[0].subjects[:1], before[0].subjects[1:]
    direct = _DIRECT.fullmatch(view.text, start, end) and next(
        (one for one in after if _OBJECT_OF.fullmatch(view.text, end, one.start)), None
    )
    if direct:
        return direct.subjects, _speaker(view, before)
    than = _THAN.match(view.text, end)
    if than:
        target = next((one for one in after if one.start - than.end() in range(-3, 4)), None)
        subjects = _speaker(view, before)
        return (target.subjects, subjects) if target else ((), ())
    if _OF_THE_TWO.match(view.text, end):
        return _of_two(view, after, before)
    if _OF_TWO.fullmatch(view.text, start, end) and len(named := _different(view.mentions)) == 2 and before:
        other = next(one for one in named if one.subjects != before[-1].subjects)
        return other.subjects, before[-1].subjects
    if _OF_TWO.fullmatch(view.text, start, end) and before and len(view.fallback) == 1:
        is_plan = before[-1].is_plan and view.fallback[0].plan is not None
        if is_plan and len(_different(view.mentions)) == 1 and view.fallback != before[-1].subjects:
            return view.fallback, before[-1].subjects
    objects = [one for one in (*before, *after) if view.is_object(one)]
    rest = [one for one in before if not view.is_object(one)]
    if len(objects) == 1 and rest:
        return objects[0].subjects, rest[-1].subjects
    return (), ()


# Of just two it need not be said than whom one is the better deal.
_OF_TWO = re.compile(r"(?:better|worse)\s\w+|cheaper|dearer|pricier|wins", re.IGNORECASE)


def _different(mentions: Iterable[Mention]) -> list[Mention]:
    return list({one.subjects: one for one in mentions}.values())


def _speaker(view: View, before: list[Mention]) -> tuple[Subject, ...]:
    chosen = [one for one in before if not view.is_object(one)]
    if not chosen:
        return view.fallback
    if len(chosen) > 1 and chosen[-2].is_plan and not chosen[-1].is_plan and chosen[-2].keys & chosen[-1].keys:
        return chosen[-2].subjects
    return chosen[-1].subjects


def _of_two(view: View, after: list[Mention], before: list[Mention]) -> tuple[tuple[Subject, ...], tuple[Subject, ...]]:
    """ "The cheaper of the two" is said of one product against the only other one of the text."""
    chosen = (before or after)[-1:]
    if chosen and chosen[0].is_plan:
        return _other_plan(view, chosen[0].subjects), chosen[0].subjects
    if not chosen or len(view.around) != 2:
        return (), ()
    rivals = view.around - chosen[0].keys
    return tuple(Subject(*key) for key in sorted(rivals)), chosen[0].subjects


def _other_plan(view: View, chosen: tuple[Subject, ...]) -> tuple[Subject, ...]:
    """The one other plan of the product that the sentence or the ones before it name."""
    keys = {one.key for one in chosen}
    named = dict.fromkeys([*view.plans_above, *(one.subjects for one in view.mentions if one.is_plan)])
    others = [one for one in named if one != chosen and {each.key for each in one} == keys]
    return others[0] if len(others) == 1 else ()


def _foremost(view: View, found: re.Match[str], used: list[Use]) -> Iterator[Found]:
    order = next(order for order, _ in _FIRSTS if found[order.value])
    start, end = found.start(), found.end()
    is_price = order in (Order.CHEAPER, Order.DEARER)
    if is_price and _WAY.match(view.text, end):
        return
    subjects = _first_one(view, start, end)
    if not subjects:
        return
    is_plan = any(subject.plan is not None for subject in subjects)
    if is_plan and not is_price:
        return
    wide = not is_plan or _AMONG.search(view.text) is not None
    first, last = view.clause(start)
    near = [use for use in used if first <= use.start < last]
    said = Foremost(
        order=order,
        rivals=tuple(sorted(view.around)) if wide else (),
        is_paid_only=(_PAID.match(view.text, end) or _AMONG_PAID.search(view.text, first, start)) is not None,
        usage=nearest(near, start, (first, last), threshold=True),
        publisher=publisher_in(view.text),
        is_conditional=not near and _is_limited(view),
        is_negated=(_NOT.search(view.text, first, start) or _NEXT.search(view.text, first, start)) is not None,
    )
    yield Found(kind=Kind.SUPERLATIVE, said=said, start=start, end=end, subjects=subjects, when=view.when(start, end))


# "Nothing is cheaper": so whoever was spoken of is the cheapest.
_NOTHING = re.compile(
    r"\b(?:nothing|none|no\s(?:plan|other|one|tier))\s(?:\w+\s){0,2}?is\s(?:(?P<cheaper>cheaper|less\sexpensive)|"
    r"(?P<dearer>dearer|more\sexpensive|pricier))\b(?!\sthan)",
    re.IGNORECASE,
)


def _unsurpassed(view: View) -> Iterator[Found]:
    for found in _NOTHING.finditer(view.text):
        before = [one for one in view.mentions if one.end <= found.start()]
        subjects = before[-1].subjects if before else view.fallback
        if subjects and all(one.plan is not None for one in subjects):
            order = Order.CHEAPER if found["cheaper"] else Order.DEARER
            said = Foremost(order=order, rivals=tuple(sorted(view.around)))
            yield Found(kind=Kind.SUPERLATIVE, said=said, start=found.start(), end=found.end(), subjects=subjects)


def _first_one(view: View, start: int, end: int) -> tuple[Subject, ...]:
    """Of whom a superlative is said: who is named behind "is", else who stands before."""
    first, last = view.clause(start)
    before = [one for one in view.mentions if first <= one.end <= start and not view.is_object(one)]
    for one in view.mentions:
        if end <= one.start < last and _HEADED.match(view.text, end, one.start) and _is_direct(view, end, one, before):
            return one.subjects
    if not before:
        return view.fallback if len(view.fallback) == 1 else ()
    if _REPLACES.search(view.text, before[-1].end, start):
        return ()
    owner = re.match(r"['’]s\s", view.text[before[-1].end :])
    if owner and not before[-1].is_plan:
        return ()
    if len(before) > 1 and before[-2].is_plan and not before[-1].is_plan and before[-2].keys & before[-1].keys:
        return before[-2].subjects
    return before[-1].subjects


def _is_direct(view: View, end: int, one: Mention, before: list[Mention]) -> bool:
    """Whether the name behind is the one: "Solo is the cheapest, Starter the dearest" names another."""
    between = view.text[end : one.start]
    if re.search(r"\b(?:is|are|comes\sfrom|goes\sto)\b|:|\(", between):
        return not re.match(r"\s*(?:plans?|tiers?|option)?\s*\)?\s*(?:of|on|at)?\s*$", between)
    return not before
