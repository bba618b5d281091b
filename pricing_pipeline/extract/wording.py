"""The words of pricing pages: free, contact sales, badges, calls to action, and where a name ends.

A line is asked about again for each element that holds it, so the answers are remembered.
"""

from __future__ import annotations

import re
from functools import lru_cache

_MONEY = re.compile(
    r"(?:[$€£¥₹₩₽₺₪฿₫₴元]|\b(?:US|A|C|NZ|HK|S|R)\$|\b(?:USD|EUR|GBP|CHF|CAD|AUD|NZD|SGD|JPY|CNY|RMB|INR|BRL|SEK|"
    r"NOK|DKK|PLN|CZK|kr|zł|Rs)\b\.?)\s*\d"
    r"|\d(?:[.,][-–—]{1,2})?\s?(?:[€£¥₹₽₺₪¢元円원]|(?:USD|EUR|GBP|CHF|CAD|AUD|CNY|INR|SEK|NOK|DKK|PLN|CZK|kr|zł|"
    r"US dollars?|dollars?|euros?|cents?)\b)"
    r"|\$\s?\.\d",
    re.IGNORECASE,
)
_FOR_OTHERS = re.compile(
    r"\b(?:students?|educational?|teachers?|academi\w+|non-?profits?|charit\w+|open[- ]source projects?|foss|"
    r"start-?ups?)\b[^.$€£]{0,20}$",
    re.IGNORECASE,
)
_MINIMUM = re.compile(
    r"\b(?:minimum|min\.) ?(?:monthly|spend|charge|fee|commitment|annual|of)?\b\W*$|^\W*(?:monthly |annual |yearly "
    r")?(?:minimum|min\.)",
    re.IGNORECASE,
)
_ANY_DIGIT = re.compile(r"\d")
_FREE = re.compile(
    r"^(?:(?:it['’]s |always |completely |100% )?free(?: forever| for life| of charge)?|no cost|no "
    r"charge|free\s*(?:,|and|&|/|[–—-]|\()\s*(?:self[- ]hosted|open[- ]source)\)?|"
    r"gratis|kostenlos|kostenfrei|gratuit[aoe]?|gratuitement)[.!]?$",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"^(?:please )?(?:contact (?:us|sales|our sales team|our team)|talk to (?:us|sales|an expert|our (?:sales "
    r")?team|your? \w+)|custom(?:ized|ised)?(?: (?:pricing|price|quote|plan|plans))?"
    r"|(?:let['’]s|let us) talk|get (?:a |your )?(?:custom )?quote|request (?:a |your )?(?:custom )?(?:quote|"
    r"pricing)|flexible pricing|tailored pricing|speak (?:to|with) (?:us|sales)"
    r"|contact (?:us|sales) for (?:a |custom )?(?:pricing|quote|price|details)|pricing on request|price on "
    r"request|on request|poa|ask for (?:a )?(?:quote|price|pricing)|call (?:us|sales)|inquire|enquire"
    r"|custom quote .{1,40}|sur devis|auf anfrage|preis auf anfrage|a consultar|op aanvraag|su richiesta|på "
    r"förespørsel|contactez[- ]nous|nous contacter|demander un devis|kontaktieren sie uns|kontakt aufnehmen|"
    r"(?:individuelles )?angebot anfordern|contáctanos|contactar(?: con ventas)?|solicitar presupuesto|"
    r"contattaci|neem contact op|offerte aanvragen|quote[- ]based|by quote)(?:\s?/\s?(?:mo|"
    r"month|year|yr))?[.!→›»\s]*$",
    re.IGNORECASE,
)
_CONTACT_SOFT = re.compile(
    r"\b(?:contact (?:us|sales|our)|talk to (?:us|sales|an expert|our)|speak (?:to|with) (?:us|sales|our)|"
    r"request (?:a )?(?:demo|quote|pricing)|book (?:a )?(?:demo|call)|schedule (?:a )?(?:demo|call)"
    r"|get (?:a )?(?:demo|quote)|custom (?:pricing|quote|price)|pricing is available|let['’]s talk|get in touch)\b",
    re.IGNORECASE,
)
_BADGE = (
    r"(?:most popular|popular|popular choice|recommended|best value|best deal|best seller|bestseller|best|new|"
    r"beta|early access|limited time(?: offer)?|current plan|your plan"
    r"|save (?:up to )?\d+ ?%|\d+% off|(?:our|editor['’]s) (?:choice|recommendation|pick)|featured|hot|coming "
    r"soon|great value|most flexible|top pick|staff pick)"
)
_BADGE_ONLY = re.compile(rf"^[\W_]*{_BADGE}[\W_]*$", re.IGNORECASE)
_BADGE_TAIL = re.compile(
    r"\s*[\W_]*\s(?:most popular|recommended|best value|popular|bestseller|current plan|coming soon|save "
    r"(?:up to )?\d+ ?%|\d+% off|beta|new!)[\W_]*$",
    re.IGNORECASE,
)
_BADGE_HEAD = re.compile(r"^[\W_]*(?:most popular|recommended|best value)[:!\s]+(?=\S)", re.IGNORECASE)
_ACTION = re.compile(
    r"^(?:get (?:it|started|access|your|a|the)\b|start (?:free|your|now|a|for|with|building|trial|today|here|"
    r"using)\b|sign up|try\b|buy\b|choose|select|subscribe|request|book|schedule|contact|talk|learn more|see "
    r"(?:more|all|details|plans|pricing)|compare|view|read|download|join|add to|"
    r"order|install|deploy now|upgrade|go to|explore|create (?:an? )?account|open (?:an?|the|your|in|account|"
    r"free)|watch|log ?in|sign in|register|call (?:us|today|now)|continue|skip to|show|hide|close|menu|back|"
    r"next|previous|copy)\b",
    re.IGNORECASE,
)
_PRICE_HEADER = re.compile(
    r"^(?:price|prices|pricing|cost|costs|rate|rates|fee|fees|charges?|monthly|annual(?:ly)?|yearly|per month|"
    r"list price|价格|hourly(?: rate)?)\b",
    re.IGNORECASE,
)
_PERIOD_LINE = re.compile(
    r"^[\s(/*·,+-]*(?:(?:usd|eur|gbp|us dollars)\b)?[\s(/*]*(?:(?:billed|paid|charged|invoiced)\b(?!$|\s+(?:plan|"
    r"tier|version)\b)|(?:when|if|per|a|an|each|every|/)\b(?!-)|/|monthly|annually|yearly|annual|month\b|mo\b|year\b|yr\b|(?:user|seat|"
    r"member)s?\s*[/,]"
    r"|(?:pro|par|por|al|je|im|per|om|na)\s+(?:angefangenem\s+)?(?:monat|jahr|nutzer|benutzer|mois|an\b|année|"
    r"utilisateur|mes\b|año|ano\b|mês|usuario|usuário|mese|anno|utente|maand|jaar|gebruiker|månad|år)"
    r"|(?:monatlich|jährlich|mensuel|annuel|mensual|anual|mensal|mensile|maandelijks|jaarlijks|"
    r"(?:zzgl|inkl|exkl)\.|(?:ht|ttc|hors taxes?)\b|factur|abgerechnet|fattura|gefactureerd|bei (?:monatlicher|"
    r"jährlicher)))",
    re.IGNORECASE,
)
_LEADING_NUMBER = re.compile(r"^\s*(?:\d{1,2}\s*[.)]\s*|[#•✓✔–—-]\s*)(?=\S)")
_PAGE_WORDS = re.compile(r"\b(?:pricing|prices|price|plans?|packages?|cost|and|&)\b", re.IGNORECASE)
_TEMPLATE = re.compile(r"\{[%{#].*?[%}#]\}|\$\{[^}]*\}", re.DOTALL)
_TAGLINE = re.compile(
    r"^(?:for|best for|perfect for|ideal for|great for|everything|designed for|made for|the)\s", re.IGNORECASE
)
_DURATION_NAME = re.compile(
    r"^(?:\d+[\s-]?(?:months?|years?|days?|mo|yr)|monthly|annual(?:ly)?|yearly|quarterly|biannual(?:ly)?|"
    r"month[- ]to[- ]month|pay[- ]monthly)(?: (?:plan|term|billing|commitment))?$",
    re.IGNORECASE,
)
_ONCE_LINE = re.compile(
    r"^\W*(?:one[- ](?:time|off)(?: (?:payment|fee|purchase|charge|price))?|(?:pay|paid|billed|charged) once|single payment|"
    r"lifetime(?: (?:access|licen[cs]e|deal))?|once|einmalig|une (?:seule )?fois|paiement unique|pago único)(?:[.,;!].*|"
    r"\W*)$",
    re.IGNORECASE,
)
_TRIAL = re.compile(r"^(?:\d+[- ]days? )?(?:free )?trial(?: (?:plan|period|version))?$", re.IGNORECASE)
_FOOTNOTE = re.compile(r"\s*(?:\(\d{1,2}\)|\[\d{1,2}\]|[¹²³⁴⁵]+)$")
_TRAILING = " \t([:：–—-|·•,¶*#†‡"


def has_digit(text: str) -> bool:
    """Whether a text holds any digit: what is looked for first where only figures count."""
    return _ANY_DIGIT.search(text) is not None


@lru_cache(maxsize=8192)
def has_money(text: str) -> bool:
    """Whether there may be an amount of money in a text: a quick look before the careful one."""
    return has_digit(text) and _MONEY.search(text) is not None


@lru_cache(maxsize=4096)
def is_free(text: str) -> bool:
    """Whether a line says no more than that something is free."""
    return len(text) < 40 and _FREE.match(text.strip()) is not None


@lru_cache(maxsize=4096)
def is_contact(text: str) -> bool:
    """Whether a line stands where a price would, and says to ask for it."""
    return len(text) < 60 and _CONTACT.match(text.strip()) is not None


def invites_contact(text: str) -> bool:
    """Whether a text somewhere invites to ask for a price."""
    return _CONTACT_SOFT.search(text) is not None


@lru_cache(maxsize=4096)
def is_badge(text: str) -> bool:
    """Whether a line is a label stuck on a plan, such as "Most popular"."""
    return len(text) < 40 and _BADGE_ONLY.match(text.strip()) is not None


def is_tagline(text: str) -> bool:
    """Whether words behind a name say whom the plan is for: "For hobbyists"."""
    return _TAGLINE.match(text.strip()) is not None


def is_for_others(text: str) -> bool:
    """Whether what stands before an amount gives it to somebody special: "Students: $5"."""
    return _FOR_OTHERS.search(text[-40:]) is not None


def is_minimum(before: str, after: str) -> bool:
    """Whether an amount between these texts is the least that is charged rather than the price."""
    return _MINIMUM.search(before[-30:]) is not None or _MINIMUM.search(after[:30]) is not None


def is_action(text: str) -> bool:
    """Whether a line is the caption of a button or link."""
    return len(text) < 60 and _ACTION.match(text.strip()) is not None


def is_price_header(text: str) -> bool:
    """Whether a column or row is headed as one of prices."""
    return len(text) < 60 and _PRICE_HEADER.match(text.strip()) is not None


@lru_cache(maxsize=4096)
def is_period_line(text: str) -> bool:
    """Whether a line goes on where a bare amount left off: "/month", "per user, billed annually"."""
    return len(text) < 90 and _PERIOD_LINE.match(text) is not None


def is_once_line(text: str) -> bool:
    """Whether a line below an amount says no more than that it is paid once: "one-time payment"."""
    return len(text) < 80 and _ONCE_LINE.match(text) is not None


def is_trial(name: str) -> bool:
    """Whether a name is that of a trial, which is a while of some plan rather than a plan."""
    return _TRIAL.match(name.strip()) is not None


@lru_cache(maxsize=4096)
def is_duration(text: str) -> bool:
    """Whether a name is a length of commitment ("6 Months") rather than a plan."""
    return _DURATION_NAME.match(text.strip()) is not None


@lru_cache(maxsize=4096)
def clean_name(text: str) -> str:
    """A plan's name without badges, list numbers, template tags and trailing punctuation."""
    name = _TEMPLATE.sub(" ", text)
    name = _LEADING_NUMBER.sub("", " ".join(name.split()))
    name = _BADGE_HEAD.sub("", name)
    name = re.sub(r"(?<=\w)\s+(?:pricing|prices)$", "", name, flags=re.IGNORECASE)
    previous = None
    while previous != name:
        previous, name = name, _FOOTNOTE.sub("", _BADGE_TAIL.sub("", name)).strip(_TRAILING)
    return name


def without_template(text: str) -> str:
    """A text without the tags of a template that nobody filled in ("{% if user %}")."""
    return " ".join(_TEMPLATE.sub(" ", text).split()) if "{" in text else text


def without_page_words(text: str) -> str:
    """A page heading such as "InsightIDR Pricing" without the words that every pricing page has."""
    return " ".join(_PAGE_WORDS.sub(" ", clean_name(text)).split()).strip(_TRAILING)
