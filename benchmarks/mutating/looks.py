"""The ways in which a page can look different without saying anything else of its prices."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from hashlib import sha256

from bs4 import BeautifulSoup, Comment, NavigableString, Tag

from mutating.cases import Case
from mutating.places import Saved, card_of, page_of, texts

Look = Callable[[BeautifulSoup, Saved], bool]
_HIDING = re.compile(
    r"(?i)hid|collapse|tab|pane|toggle|month|year|annual|active|show|display|sr-only|invisible|swiper|slick"
)


def restyled(saved: Saved) -> Iterator[Case]:
    """The page in every other look that can be given to it."""
    for what, make in LOOKS.items():
        soup = saved.soup()
        if make(soup, saved):
            yield Case(page=saved.name, what=what, subject="", body=page_of(soup))
    yield from (Case(page=saved.name, what=what, subject="", body=make(saved)) for what, make in _BYTES.items())


def _as_it_is(_soup: BeautifulSoup, _saved: Saved) -> bool:
    return True


def _other_classes(soup: BeautifulSoup, _saved: Saved) -> bool:
    """New names for classes, as a build with CSS modules gives them; those that speak of hiding stay."""
    for node in soup.find_all(class_=True):
        names = str(node["class"]).split()
        node["class"] = " ".join(name if _HIDING.search(name) else f"c{_short(name)}" for name in names)
    return True


def _other_order_of_attributes(soup: BeautifulSoup, _saved: Saved) -> bool:
    for node in soup.find_all(True):
        for name, value in reversed(list(node.attrs.items())):
            del node.attrs[name]
            node.attrs[name] = value
    return True


def _more_attributes(soup: BeautifulSoup, _saved: Saved) -> bool:
    for place, node in enumerate(_body(soup).find_all(True)):
        node["data-v-1f2e3d4c"] = ""
        node["data-track"] = f"evt-{place}"
    return True


def _nonces(soup: BeautifulSoup, _saved: Saved) -> bool:
    for node in soup.find_all(["script", "style", "link"]):
        node["nonce"] = "d0c4fe99a1b2"
    token = soup.new_tag("meta", attrs={"name": "csrf-token", "content": "Zm9vYmFyMTIzNDU2Nzg5"})
    (soup.head or _body(soup)).append(token)
    return True


def _wrapped_cards(soup: BeautifulSoup, saved: Saved) -> bool:
    cards = _cards(soup, saved)
    for card in cards:
        card.wrap(soup.new_tag("div", attrs={"class": "shadow-box"}))
    return bool(cards) and not any(card.name in ("li", "td", "th", "tr") for card in cards)


def _wrapped_page(soup: BeautifulSoup, _saved: Saved) -> bool:
    outer = soup.new_tag("div", attrs={"class": "page-frame"})
    for child in list(_body(soup).children):
        outer.append(child.extract())
    _body(soup).append(outer)
    return True


def _wrapped_words(soup: BeautifulSoup, _saved: Saved) -> bool:
    """Every stretch of text in a span of its own."""
    for node in list(texts(_body(soup))):
        if (
            node.strip()
            and node.parent is not None
            and node.parent.name not in ("option", "textarea", "ul", "tr", "table")
        ):
            node.wrap(soup.new_tag("span"))
    return True


def _white_space(soup: BeautifulSoup, _saved: Saved) -> bool:
    for node in list(texts(_body(soup))):
        if node.strip():
            node.replace_with(NavigableString(re.sub(r"(?<=\S)[ \t\n]+(?=\S)", "\n        ", str(node))))
    return True


def _comments(soup: BeautifulSoup, _saved: Saved) -> bool:
    for node in list(_body(soup).find_all(["div", "section", "li"]))[::3]:
        node.insert(0, Comment(" was $5 per month, 100 credits included "))
    return True


def _styles(soup: BeautifulSoup, _saved: Saved) -> bool:
    for node in _body(soup).find_all(["div", "section", "p", "li", "h2", "h3"]):
        if not node.get("style"):
            node["style"] = "color: #223; padding: 4px 8px; transition: all .2s"
    return True


def _sheet(soup: BeautifulSoup, _saved: Saved) -> bool:
    sheet = soup.new_tag("style")
    sheet.string = ".fresh-look > p { color: navy } @media print { .no-print { display: none } }"
    (soup.head or _body(soup)).append(sheet)
    return True


def _scripts(soup: BeautifulSoup, _saved: Saved) -> bool:
    script = soup.new_tag("script")
    script.string = "window.dataLayer=window.dataLayer||[];dataLayer.push({price:'$999',plan:'Gold',credits:12000});"
    _body(soup).append(script)
    return True


def _tracking_links(soup: BeautifulSoup, _saved: Saved) -> bool:
    for node in soup.find_all("a", href=True):
        node["href"] = (
            f"{node['href']}{'&' if '?' in str(node['href']) else '?'}utm_source=spring&gclid=Cj0KCQ{_short(str(node))}"
        )
    return True


def _other_order(soup: BeautifulSoup, saved: Saved) -> bool:
    """The first and the last card change places."""
    cards = _cards(soup, saved)
    if len(cards) < 2 or cards[0].parent is not cards[-1].parent or (cards[0].name in ("li",) and not cards[0].parent):
        return False
    stand_in = soup.new_tag("div")
    cards[0].replace_with(stand_in)
    cards[-1].replace_with(cards[0])
    stand_in.replace_with(cards[-1])
    return True


def _first(markup: str) -> Look:
    def put(soup: BeautifulSoup, _saved: Saved) -> bool:
        _body(soup).insert(0, _piece(markup))
        return True

    return put


def _last(markup: str) -> Look:
    def put(soup: BeautifulSoup, _saved: Saved) -> bool:
        _body(soup).append(_piece(markup))
        return True

    return put


def _other_headline(soup: BeautifulSoup, saved: Saved) -> bool:
    headline = soup.find(["h1"])
    names = {plan.name.casefold() for plan in saved.observation.plans}
    if not isinstance(headline, Tag) or any(name in headline.get_text().casefold() for name in names):
        return False
    if any(character.isdigit() for character in headline.get_text()) or len(headline.get_text(strip=True)) < 8:
        return False
    headline.string = "Simple pricing that grows with your team"
    return True


def _other_buttons(soup: BeautifulSoup, _saved: Saved) -> bool:
    pattern = re.compile(r"(?i)^\s*(?:get started|sign up|start now|buy now|choose plan|select|subscribe|try now)\s*$")
    found = [node for node in texts(_body(soup)) if pattern.match(node)]
    for node in found:
        node.replace_with("Create my account")
    return bool(found)


def _badge(soup: BeautifulSoup, saved: Saved) -> bool:
    cards = _cards(soup, saved)
    if len(cards) < 2 or cards[1].name in ("ul", "ol"):
        return False
    badge = soup.new_tag("div", attrs={"class": "ribbon"})
    badge.string = "Most popular"
    cards[1].insert(0, badge)
    return True


def _icons(soup: BeautifulSoup, _saved: Saved) -> bool:
    found = _body(soup).find_all("li")
    for node in found:
        node.insert(0, _piece('<svg width="16" height="16" aria-hidden="true"><path d="M1 1h9v9z"/></svg>'))
    return bool(found)


_QUOTE = (
    '<section class="quotes"><h2>What customers say</h2><blockquote><p>“We moved our whole team in a week and never looked '
    "back.”</p><cite>Jo Meyer, Acme</cite></blockquote></section>"
)
_SAVING = (
    '<section class="quotes"><h2>Loved by teams</h2><blockquote><p>“It saved us $40,000 a year and 12 hours a week.”</p>'
    "<cite>Kim Doe, Head of Data</cite></blockquote></section>"
)
LOOKS: dict[str, Look] = {
    "parsed and written again": _as_it_is,
    "other class names": _other_classes,
    "other order of attributes": _other_order_of_attributes,
    "data attributes": _more_attributes,
    "nonces and tokens": _nonces,
    "cards wrapped": _wrapped_cards,
    "page wrapped": _wrapped_page,
    "words wrapped": _wrapped_words,
    "white space within text": _white_space,
    "comments": _comments,
    "inline styles": _styles,
    "another style sheet": _sheet,
    "tracking script": _scripts,
    "tracking links": _tracking_links,
    "first and last card change places": _other_order,
    "banner": _first(
        '<div class="banner">New: join our spring webinar on 12 June. <a href="/webinar">Register now</a></div>'
    ),
    "skip link": _first('<a class="skip" href="#content">Skip to content</a>'),
    "cookie notice": _last(
        '<div role="dialog" class="cookies"><p>We use cookies. <button>Accept all</button></p></div>'
    ),
    "testimonial": _last(_QUOTE),
    "testimonial with figures": _last(_SAVING),
    "customer count": _last("<section><h2>Trusted by 12,000 teams in 90 countries</h2></section>"),
    "blog teaser": _last(
        '<section><h3>From our blog</h3><a href="/b"><p>Why we raised a $10M series A</p></a></section>'
    ),
    "footer year": _last("<footer><p>© 2027 Vendor Inc. All rights reserved.</p></footer>"),
    "question without figures": _last("<section><h3>Can I cancel?</h3><p>Yes, whenever you like.</p></section>"),
    "chat widget": _last('<div id="chat-root" aria-live="polite"><button>Chat with us</button></div>'),
    "another headline": _other_headline,
    "other words on buttons": _other_buttons,
    "popular badge": _badge,
    "icons in lists": _icons,
}


def _indented(saved: Saved) -> bytes:
    """Line breaks where one block element follows another."""
    blocks = r"(?i)(</(?:div|section|ul|ol|table|tr|p|li|h[1-6])>)(?=<)"
    return re.sub(blocks, "\\1\n\n    ", saved.text).encode()


def _unindented(saved: Saved) -> bytes:
    """No white space at the ends of lines nor blank lines."""
    return re.sub(r"[ \t]*\n(?:[ \t]*\n)+", "\n", saved.text).encode()


_BYTES: dict[str, Callable[[Saved], bytes]] = {"blocks indented": _indented, "blank lines gone": _unindented}


def _body(soup: BeautifulSoup) -> Tag:
    return soup.body or soup


def _cards(soup: BeautifulSoup, saved: Saved) -> list[Tag]:
    """The cards of all plans; none unless every plan has one."""
    found = [card for plan in saved.observation.plans if (card := card_of(soup, saved, plan)) is not None]
    return found if len(found) == len(saved.observation.plans) else []


def _piece(markup: str) -> Tag:
    made = BeautifulSoup(markup, "html.parser").find(True)
    assert isinstance(made, Tag)
    return made.extract()


def _short(name: str) -> str:
    return sha256(name.encode()).hexdigest()[:6]
