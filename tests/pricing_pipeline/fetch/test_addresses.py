"""Which addresses are public, in every disguise, and the one normal form of those that may be asked."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from urllib.parse import urlsplit

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from urllib3.util import parse_url

from pricing_pipeline.errors import FetchError
from pricing_pipeline.facts import Outcome
from pricing_pipeline.fetch.addresses import (
    AllowedHosts,
    UnsafeUrlError,
    check_url,
    is_public,
    presentable,
    without_secrets,
)

PRIVATE = [IPv4Network(text) for text in ("10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "192.168.0.0/16")]


@pytest.mark.parametrize(
    "address",
    ["93.184.216.34", "1.1.1.1", "172.15.255.255", "172.32.0.0", "100.63.255.255", "100.128.0.0", "2606:4700::1111",
     "2a00:1450:4001:80b::200e", "::ffff:1.1.1.1", "64:ff9b::101:101"],
)  # fmt: skip
def test_these_are_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254",
        "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.1.1",
        "198.18.0.1", "198.19.255.255",
        "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1", "2002:7f00:1::", "2002:101:101::", "2001::1", "2001:0:53aa:64c::1", "2001:2::1", "2001:db8::1",
        "3fff::1", "5f00::1", "100::1", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1",
        "", "acme.example", "127.0.0.1.nip.io",
    ],
)  # fmt: skip
def test_these_are_not_public(address):
    """Loopback, private, link-local, carrier-grade NAT, multicast, reserved, and IPv6 wrappings of all of them."""
    assert not is_public(address)


@given(st.sampled_from(PRIVATE).flatmap(lambda net: st.integers(int(net[0]), int(net[-1]))))
def test_no_wrapping_makes_a_private_address_public(number):
    tail = f"{number >> 16:x}:{number & 0xFFFF:x}"
    wrapped = [str(IPv4Address(number)), f"::ffff:{tail}", f"::{tail}", f"64:ff9b::{tail}", f"2002:{tail}::1"]

    assert [is_public(address) for address in wrapped] == [False] * 5


@pytest.mark.parametrize(
    ("given_url", "normal"),
    [
        ("https://Acme.Example/Pricing", "https://acme.example/Pricing"),
        ("HTTPS://acme.example", "https://acme.example/"),
        ("https://acme.example:443/a?b=c#d", "https://acme.example/a?b=c"),
        ("http://acme.example:80/", "http://acme.example/"),
        ("http://acme.example:443/", "http://acme.example:443/"),
        ("https://acme.example./", "https://acme.example/"),
        ("https://bücher.example/preise/größe", "https://xn--bcher-kva.example/preise/gr%C3%B6%C3%9Fe"),
        ("https://acme.example/a%20b/c+d?q=1,2&r[]=3", "https://acme.example/a%20b/c+d?q=1,2&r[]=3"),
        ("https://1.1.1.1/", "https://1.1.1.1/"),
        ("https://[2606:4700:0::1111]/", "https://[2606:4700::1111]/"),
        ("https://a_b.acme.example/", "https://a_b.acme.example/"),
        ("https://3com.example/", "https://3com.example/"),
    ],
)
def test_an_address_has_one_normal_form(given_url, normal):
    assert normal == check_url(given_url)
    assert normal == check_url(normal)


@pytest.mark.parametrize(
    "url",
    [
        "", "acme.example/pricing", "//acme.example/", "ftp://acme.example/", "file:///etc/passwd",
        "javascript:alert(1)",
        "data:text/html,x", "gopher://acme.example/", "https://", "https:///pricing", "https://user@acme.example/",
        "https://user:secret@acme.example/", "https://good.example@evil.example/",
        "https://acme.example\\@evil.example/",
        "https://acme.example\\.evil.example/", "https://acme.example/a b", "https://acme.example/\n",
        "https://acme\t.example/",
        "https://acme.example/\x00", "https://acme.example:22/", "https://acme.example:8080/",
        "https://acme.example:99999/",
        "https://acme.example:x/", "https://%61cme.example/", "https://acme..example/", "https://-acme.example/",
        "https://" + "a" * 64 + ".example/", "https://acme.example/" + "a" * 5000, "https://localhost/",
        "https://intranet/",
        "https://www.localhost/", "https://127.0.0.1/", "https://80.80/", "https://0x7f.1/", "https://2130706433/", "https://1.2.3.4.5/",
        "https://[::1]/", "https://[fe80::1%25eth0]/", "https://[::1/", "https://①②⑦.⓪.⓪.①/", "https://127。0。0。1/",
        "https://ex\u202eample.example/", "https://acme.example/\u2028",
    ],
)  # fmt: skip
def test_what_is_not_a_plain_public_address_is_refused(url):
    with pytest.raises(UnsafeUrlError) as refused:
        check_url(url)

    assert refused.value.outcome == Outcome.UNSAFE_URL
    assert isinstance(refused.value, FetchError)
    assert "\n" not in str(refused.value)
    assert "secret" not in str(refused.value)


pieces = st.sampled_from(
    ["http:", "https:", "//", "/", "\\", "@", ":", "#", "?", "%", "[", "]", "[::1]", "127.0.0.1",
     "acme.example", "evil.example",
     ".", "80", "443", "a", "%2f", "%40", "ⓔ", "。", ";", "&", "=", " ", "\t", "\u00ad", "\u200b", "／", "＠",
     "：", "xn--", "_", "-"]
)  # fmt: skip


@given(st.lists(pieces, max_size=8).map("".join), st.sampled_from(["", "https://", "http://acme.example"]))
def test_all_who_read_an_accepted_address_see_the_same_host_in_it(tail, start):
    """Parsers that differ on where the host ends are how a check is passed for one host and another one is asked."""
    try:
        url = check_url(start + tail)
    except UnsafeUrlError:
        return

    host = urlsplit(url).hostname
    prepared = requests.Request("GET", url).prepare().url
    assert [host] * 3 == [parse_url(url).host, parse_url(prepared).host, urlsplit(prepared).hostname]
    assert url == check_url(url)
    assert is_public(host) or not host.replace(".", "").isdigit()


@pytest.mark.parametrize(
    ("entry", "permitted", "refused"),
    [
        ("127.0.0.1", "http://127.0.0.1:8123/", "http://127.0.0.2:8123/"),
        ("127.0.0.1:8123", "http://127.0.0.1:8123/", "http://127.0.0.1:8124/"),
        ("127.0.0.0/8", "http://127.8.9.10:1/", "http://10.0.0.1/"),
        ("localhost:8123", "http://localhost:8123/", "http://localhost:8124/"),
        ("wiki.intranet", "http://wiki.intranet:9000/", "http://other.intranet:9000/"),
        ("[::1]:8123", "http://[::1]:8123/", "http://[::1]:8124/"),
        ("::1", "http://[::1]:8124/", "http://[::2]:8124/"),
    ],
)
def test_the_operator_may_allow_hosts_by_name_address_or_network(entry, permitted, refused):
    allowed = AllowedHosts.of([entry])

    assert permitted == check_url(permitted, allowed=allowed)
    with pytest.raises(UnsafeUrlError):
        check_url(refused, allowed=allowed)


def test_a_name_that_leads_to_an_allowed_network_is_not_allowed_by_it():
    assert not AllowedHosts.of(["127.0.0.0/8"]).permits("rebind.example", 80)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://a.example/?plan=solo&key=abc", "https://a.example/?plan=solo&key=REDACTED"),
        ("https://a.example/?access_token=abc&b=", "https://a.example/?access_token=REDACTED&b="),
        ("https://a.example/?X-Amz-Signature=abc", "https://a.example/?X-Amz-Signature=REDACTED"),
        ("https://a.example/?keyboard=x&plan=a%20b", "https://a.example/?keyboard=x&plan=a%20b"),
        ("https://a.example/tokens", "https://a.example/tokens"),
    ],
)
def test_values_of_query_fields_named_like_secrets_are_masked(url, shown):
    assert shown == without_secrets(url)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://us:pw@a.example/p?sid=7&plan=solo#top", "https://a.example/p?sid=REDACTED&plan=solo"),
        ("http://a.example:8080/p", "http://a.example:8080/p"),
    ],
)
def test_an_address_from_elsewhere_is_kept_without_what_it_should_not_say(url, shown):
    assert shown == presentable(url)
