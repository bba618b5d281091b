"""Pages that stand in a page's place: bot walls, consent and geo pages, soft 404s, shells that only a script fills."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from pricing_pipeline.extract.document import Document
from pricing_pipeline.facts import Diagnostic, Outcome


def _any(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(phrases), re.IGNORECASE)


# The longest wall that was seen (Anubis explains itself) has 1,200 visible characters; pages about walls have more.
_LONGEST_WALL = 2500
_LONGEST_BARE_WALL = 600
_LONGEST_SHELL = 250

# What only a challenge page carries; the same vendors' scripts also run unseen on ordinary pages and are not listed
# here. Looked for in lower case: without regard to case each of them would take four times as long.
_ENGINES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern.lower()))
    for name, pattern in (
        (
            "Cloudflare",
            (
                r"_cf_chl_opt|cf_chl_|jschl[_-]vc|challenge-platform/h/\w/orchestrate|cf-browser-verification|"
                r"cf-challenge|cf-error-details"
            ),
        ),
        ("DataDome", r"captcha-delivery\.com|var dd ?= ?\{['\"]?rt['\"]?:"),
        (
            "PerimeterX",
            r"px-captcha|captcha\.px-c(?:dn|loud)\.net|_pxBlockedUrl|pxCaptchaSrc|window\._pxMobile|_pxJsClientSrc",
        ),
        ("Akamai", r"bm-verify|sec-if-cpt-container|_sec/cp_challenge|sec-cpt-if|ak-challenge"),
        (
            "Imperva",
            r"incapsula incident|_Incapsula_Resource\?(?:CWUDNSAI|SWUDNSAI|incident)|distil_r_captcha|distilCaptcha",
        ),
        ("AWS WAF", r"gokuProps|AwsWafIntegration|awsWafCaptcha|token\.awswaf\.com|captcha\.awswaf\.com"),
        ("Kasada", r"KPSDK|/ips\.js\?|KP_UIDz"),
        ("Anubis", r"anubis_challenge|within\.website/x/(?:cmd/anubis|xess)"),
        ("Sucuri", r"sucuri_cloudproxy_js|cloudproxy\.sucuri\.net|sucuri website firewall"),
        ("DDoS-Guard", r"/\.well-known/ddos-guard/|check\.ddos-guard\.net"),
        ("Radware", r"captcha\.perfdrive\.com|validate\.perfdrive\.com|shieldsquare"),
        ("Vercel", r"vercel-challenge|/\.well-known/vercel/security"),
        ("Fastly", r"/_fs-ch-\w+"),
        ("SiteGround", r"/\.well-known/sgcaptcha|sg-captcha"),
        ("Alibaba", r"_____tmd_____|x5secdata|nocaptcha\.alicdn"),
        ("Arkose", r"arkose-?challenge|funcaptcha\.com/fc/gc"),
        ("Google", r"/sorry/index|g-recaptcha-response-sorry"),
        ("Amazon", r"/errors/validateCaptcha"),
        ("a captcha", r"name=\"?captcha-form|id=\"?captcha-(?:form|challenge|page)"),
    )
)
# Also on ordinary pages; they say something only where there is no page besides.
_WATCHERS = re.compile(
    r"__cf\$cv\$params|/cdn-cgi/(?:bm|challenge-platform|l/chk)|hcaptcha\.com/|recaptcha/|turnstile|"
    r"_incapsula_resource|reese84|geetest|friendlycaptcha|"
    r"px-c(?:dn|loud)\.net|datadome|/akam/\d|captcha"
)
_WALL_TITLE = _any(
    r"just a moment|attention required|access(?: to this (?:page|site|resource) (?:has been|is|was))? denied",
    r"access (?:restricted|blocked)|security (?:check|verification|challenge|checkpoint)",
    r"(?:are|is) (?:you|this|it) (?:a )?(?:robot|human|bot)|robot check",
    r"(?:please )?verif(?:y|ying)(?: (?:that )?(?:you(?:'re| are)|your(?:self)?)(?: not| a)*(?: (?:robot|human|bot|"
    r"identity|connection|browser))?)?",
    r"(?:human|bot|browser|captcha) (?:verification|check|challenge)|pardon our interruption|(?:please )?wait",
    r"(?:just )?one (?:more step|moment)(?:,? please)?|please wait(?: a moment)?",
    r"checking (?:if the site connection is secure|your (?:browser|connection)(?: before accessing.*)?)",
    r"ddos[- ](?:guard|protection.*)|(?:error )?403(?: (?:-|error|forbidden).*)?|forbidden",
    r"request (?:blocked|rejected|denied)|(?:you (?:have been|are|were) )?blocked|client challenge",
    r"vercel security checkpoint|verification(?: required)?|(?:\w+ )?captcha|challenge validation",
    r"making sure you're not a bot|unusual (?:traffic|activity)(?: detected)?|(?:error )?429(?: .*)?",
    r"too many requests|you are being rate limited|sorry, you have been blocked",
    r"prove (?:your humanity|you(?:'re| are) (?:not a robot|human))|bot (?:detected|protection)|nur einen moment",
    r"einen moment(?:,? bitte)?|un instant|un momento|um momento|sicherheitsüberprüfung|zugriff verweigert",
    r"accès (?:refusé|interdit)|acceso denegado|un moment|ett ögonblick|even geduld|доступ (?:запрещен|ограничен)",
    r"しばらくお待ちください|请稍候",
)
_WALL_WORDS = _any(
    r"verify (?:that )?you(?:'re| are) (?:a |not a )?(?:human|robot|bot)",
    r"checking (?:your browser|if the site connection)|prove (?:your humanity|you(?:'re| are) )",
    r"javascript and cookies to continue|unusual (?:traffic|activity)",
    r"complete (?:the|this|a) (?:security check|challenge)|(?:i am|i'm|you(?:'re| are)) not a (?:robot|bot)",
    r"you(?: have been|'ve been| were| are being) (?:blocked|rate limited)|review the security of your connection",
    r"ddos protection by|ray id:|incident id|don't have permission to access|(?:press|click) (?:&|and) hold",
    r"automated (?:access|requests|queries|traffic)",
    r"your (?:ip|request|access) (?:address )?(?:has been|was|is) (?:blocked|denied|limited)",
    r"requested url was rejected|enter the characters you see|security service to protect",
    r"access (?:to this (?:page|site|website|resource) )?(?:has been|is|was) (?:denied|blocked|restricted)",
    r"slide to verify|(?:to )?confirm (?:that )?you(?:'re| are) (?:a )?human|detected (?:that you are|a) bot",
    r"blocked by (?:our )?(?:security|firewall)|made us think (?:that )?you (?:are|were) a bot",
    r"(?:your )?access to this (?:site|page|service) has been limited|не робот|(?:安全|访问|人机|滑动)验证",
)
# Ordinary forms say these too; they say something only where there is hardly anything else.
_FORM_WORDS = _any(r"complete (?:the|this|a) captcha|(?:solve|type) (?:the|this) (?:captcha|characters|puzzle)")
_WEAK_TITLES = frozenset(
    {
        "wait",
        "please wait",
        "verify",
        "please verify",
        "verification",
        "captcha",
        "blocked",
        "challenge validation",
        "forbidden",
    }
)
_CONSENT_TITLE = _any(
    r"(?:before you continue|bevor sie (?:zu .{2,30} )?(?:weitergehen|fortfahren)|avant de continuer|antes de continuar|"
    r"prima di continuare|voordat je verdergaat|innan du fortsätter)(?: (?:to|vers|a|su|till|naar|zu) .{2,40})?",
    r"(?:cookie|privacy|consent) (?:consent|settings|preferences|choices|manager|notice)|your privacy(?: choices)?",
    r"we value your privacy|(?:cookie-?)?einwilligung",
)
_CONSENT_WORDS = re.compile(
    r"\bcookies?\b|\bconsent\b|\beinwillig|\bzustimm|\bconsentement|\bconsentimiento", re.IGNORECASE
)
_CONSENT_BUTTON = re.compile(
    r"^(?:accept|agree|i agree|i accept|reject|allow|decline|manage|alle akzeptieren|akzeptieren|alle ablehnen|"
    r"zustimmen|tout accepter|tout refuser|accepter|aceptar|"
    r"rechazar|accetta|rifiuta)(?: (?:all|cookies|all cookies|todo|tutto|and continue|options|preferences|und "
    r"weiter))?$",
    re.IGNORECASE,
)
_GEO = _any(
    r"(?:not|isn't|un)[ -]?(?:currently )?available (?:in|from|to (?:visitors|users|customers) (?:in|from)) (?:your|this) "
    r"(?:country|region|location|area|territory)",
    r"(?:blocked|restricted|unavailable|not permitted|not allowed) (?:in|from) your (?:country|region|location)",
    r"unavailable (?:for|due to) legal reasons",
    r"(?:unavailable|not available|cannot (?:grant|provide) access).{0,80}(?:european (?:union|economic area)|gdpr)",
    r"(?:unavailable|no service) in your (?:country|region)",
    r"your (?:country|region|location) is not (?:supported|allowed)",
    r"nicht (?:in ihrem land|in deinem land) verfügbar|pas disponible dans votre pays",
)
_MISSING = _any(
    r"(?:(?:http )?(?:error|status)[ :-]*)?404(?:[ :.,!–-]*(?:error|(?:page |file )?not found|page|page missing|oops))?",
    r"(?:oops|sorry|uh[- ]oh|hmm+|whoops)?[ ,.!–…-]*(?:the |this |that |your )?(?:requested )?(?:page|url|site|document|"
    r"resource|content)?(?: (?:you (?:are|were|'re) looking for|you requested|at this address))? ?(?:was |is |could |can |"
    r"has )?(?:not|cannot|n't|can't|couldn't|wasn't)(?: be)? (?:be )?found(?: here| on this server)?",
    r"(?:oops|sorry)?[ ,.!-]*(?:the |this |that )?page (?:you (?:are|were) looking for )?(?:does(?:n't| not)(?: seem to)? "
    r"exist|(?:is )?(?:no longer|not) (?:available|exists?|here)|has (?:been )?(?:moved|removed)|is missing|is gone|"
    r"missing)(?: anymore)?",
    r"(?:oops|sorry)?[ ,.!-]*we (?:can't|cannot|couldn't|could not|can not) (?:seem to )?find (?:that|this|the) page(?: "
    r"you(?:'re| are|'re| were) looking for)?",
    r"nothing (?:was )?found(?: here)?|page introuvable|erreur 404|(?:die )?seite (?:wurde )?nicht gefunden",
    r"fehler 404|página no encontrada|no se encontr[oó] la página|página não encontrada|pagina non trovata",
    r"pagina niet gevonden|sidan (?:hittades inte|kunde inte hittas)|страница не найдена",
    r"ページが見つかりません(?:でした)?|(?:this )?domain (?:is |may be )?for sale",
    r"(?:site |website )?(?:is )?under maintenance|maintenance mode",
    r"(?:(?:http )?(?:error )?(?:410|500|502|503|504))(?:[ :-]*(?:gone|internal server error|bad gateway|service "
    r"(?:temporarily )?unavailable|gateway time-?out))?",
    r"service (?:temporarily )?unavailable|internal server error|bad gateway|we'll be (?:right )?back(?: soon)?",
)
_TELLING = frozenset({"script", "iframe", "form", "div", "link", "meta", "input", "body", "img", "main"})
_TITLE_PARTS = re.compile(r"\s*(?:[|–—·•»]|\s-\s|:\s|…)\s*")
_MONEY = re.compile(r"[$€£¥₹]\s?\d|\d\s?(?:€|USD|EUR)")
_NEEDS_SCRIPT = re.compile(r"javascript", re.IGNORECASE)
_MOUNTS = (
    "#root, #app, #__next, #__nuxt, #___gatsby, #svelte, app-root, [ng-app], [data-reactroot], #main-app, #react-root, "
    "#application, #app-root"
)


def classify(document: Document) -> Diagnostic | None:
    """Why this is not the page that was asked for: `blocked`, `wrong_page` or `script_only` with a one-line reason;
    None for a page.

    `script_only` says that nothing is visible before scripts run; what they would show may still be embedded as
    data, so
    it explains an empty reading and forbids none.
    """
    size = len(document.text)
    reason = _wall(document, size) or _interstitial(document, size)
    if reason:
        return Diagnostic(
            code=Outcome.BLOCKED, message=f"{reason}; fetch it later, from elsewhere, or import the facts by hand"
        )
    missing = _soft_404(document, size)
    if missing:
        return Diagnostic(code=Outcome.WRONG_PAGE, message=f"the page says {missing!r}; check the source's address")
    if size < _LONGEST_SHELL and not _MONEY.search(document.text) and _is_shell(document):
        return Diagnostic(
            code="script_only",
            message=f"only {size} characters are visible before scripts run; set render: browser for this source",
        )
    return None


def _wall(document: Document, size: int) -> str | None:
    """A challenge, captcha or refusal, by three kinds of signs, of which one alone is only enough where there is
    nothing else."""
    if size > _LONGEST_WALL or (size > _LONGEST_BARE_WALL and _MONEY.search(document.text)):
        return None
    title = _said(document, _WALL_TITLE)
    source = _source(document)
    engine = next((name for name, pattern in _ENGINES if pattern.search(source)), None)
    if engine and (title or size < _LONGEST_BARE_WALL or _WALL_WORDS.search(document.text)):
        return f"a challenge by {engine} stands in place of the page" + (f" ({title!r})" if title else "")
    told = f"{document.title}\n{document.text}\n{_without_script(document)}".replace("’", "'")
    words = _WALL_WORDS.search(told) if title or size < _LONGEST_BARE_WALL else None
    certain = title and (words or _is_nearly_all(document, title, size) or _WATCHERS.search(source))
    if certain and not _MONEY.search(document.text):
        return f"the page is a wall: it says {title!r}"
    if size < _LONGEST_SHELL:
        words = words or _FORM_WORDS.search(document.text)
    if words and size < _LONGEST_BARE_WALL and not _MONEY.search(document.text):
        return f"the page is a wall: it says {words.group()!r}"
    return _silent_wall(document, size, source)


def _is_nearly_all(document: Document, title: str, size: int) -> bool:
    """Whether a wall's title stands over a page of nothing else; "Wait" and its like must be the whole title."""
    if title.casefold() in _WEAK_TITLES:
        return size < 60 and title.casefold() == document.title.casefold().strip(" .!?…")
    return size < _LONGEST_SHELL


def _silent_wall(document: Document, size: int, source: str) -> str | None:
    """A page of nothing but a watcher's script or a captcha's frame."""
    if size > 60 or _MONEY.search(document.text) or not _WATCHERS.search(source) or document.soup.select_one(_MOUNTS):
        return None
    framed = any(_WATCHERS.search(str(frame.get("src", "")).lower()) for frame in document.soup.find_all("iframe"))
    others = [
        tag
        for tag in document.soup.find_all("script")
        if tag.get("src") and not _WATCHERS.search(str(tag["src"]).lower())
    ]
    return "the page holds a bot check and nothing else" if framed or not others else None


def _interstitial(document: Document, size: int) -> str | None:
    """A consent or geo page; the same words stand at the foot of ordinary pages, which hold much besides."""
    if size > _LONGEST_WALL or _MONEY.search(document.text):
        return None
    geo = _GEO.search(f"{document.title}\n{document.text}") if size < 1500 else None
    if geo:
        return f"the page is not served here: it says {geo.group()!r}"
    lines = document.text.split("\n")
    buttons = sum(bool(_CONSENT_BUTTON.match(line.strip())) for line in lines)
    about = sum(len(line) for line in lines if _CONSENT_WORDS.search(line) or _CONSENT_BUTTON.match(line.strip()))
    title = _said(document, _CONSENT_TITLE)
    if (title and buttons) or (buttons and about > 0.6 * size > 60):
        return f"a consent page stands in place of the page ({title or document.title!r})"
    return None


def _soft_404(document: Document, size: int) -> str | None:
    if size > 6000 and not _MISSING.fullmatch(document.title.strip(" .!")):
        return None
    return None if _MONEY.search(document.text) and size > 1500 else _said(document, _MISSING)


def _said(document: Document, pattern: re.Pattern[str]) -> str | None:
    """The title, one of its parts or a main heading, where that is all of what the pattern says."""
    for text in _headlines(document):
        plain = " ".join(text.replace("’", "'").split()).strip(" .!?…:;()")
        if plain and len(plain) <= 150 and pattern.fullmatch(plain):
            return plain
    return None


def _headlines(document: Document) -> Iterator[str]:
    yield document.title
    yield from _TITLE_PARTS.split(document.title)
    for heading in islice((tag for tag in document.tags if tag.name in ("h1", "h2")), 3):
        yield heading.get_text(" ")
    if len(document.text) < 80:
        yield document.text


def _without_script(document: Document) -> str:
    return " ".join(tag.get_text(" ") for tag in islice((tag for tag in document.tags if tag.name == "noscript"), 5))


def _source(document: Document) -> str:
    """Scripts and the attributes that name engines, of a page that is small enough to be a wall, in lower case."""
    pieces = [text[:50_000] for _, _, text in document.scripts]
    for tag in islice((tag for tag in document.tags if tag.name in _TELLING), 400):
        for name in ("src", "id", "class", "action", "href", "name", "content", "data-src"):
            value = tag.get(name)
            if value:
                pieces.append(f'{name}="{value}"')
    return "\n".join([*pieces, document.text]).lower()


def _is_shell(document: Document) -> bool:
    soup = document.soup
    if soup.select_one(_MOUNTS) or _NEEDS_SCRIPT.search(_without_script(document)):
        return True
    return any(tag.get("src") for tag in soup.find_all("script"))
