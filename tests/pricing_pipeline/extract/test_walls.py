"""A wall is called a wall, and a page that merely speaks of walls is not."""

import pytest

from pricing_pipeline.extract.document import read_document
from pricing_pipeline.extract.walls import classify

PLANS = "<h2>Solo</h2><p>$10 per month</p><h2>Starter</h2><p>$100 per month</p>"


def code(page: str) -> str | None:
    found = classify(read_document(page.encode()))
    return str(found.code) if found else None


@pytest.mark.parametrize(
    "page",
    [
        "<title>Just a moment...</title><body><script>window._cf_chl_opt={cvId:'3'}</script></body>",
        "<title>Attention Required! | Cloudflare</title><h1>Sorry, you have been blocked</h1><p>Ray ID: 12ab</p>",
        (
            "<title>Access denied</title><h1>Access Denied</h1><p>You don't have permission to access this page. "
            "Reference #18.2</p>"
        ),
        (
            "<title>shop.example</title><script>var dd={'rt':'c','cid':'x'}</script><script "
            "src='https://ct.captcha-delivery.com/c.js'></script>"
        ),
        (
            "<title>Access to this page has been denied</title><div id='px-captcha'></div><p>Press &amp; Hold to "
            "confirm you are a human</p>"
        ),
        (
            "<html><body><iframe id='main-iframe' src='/_Incapsula_Resource?CWUDNSAI=9&incident_id=1'>Incapsula "
            "incident ID: 1</iframe></body></html>"
        ),
        (
            "<title>Pardon Our Interruption</title><p>As you were browsing something about your browser made us think "
            "you were a bot.</p>"
        ),
        "<title>Vercel Security Checkpoint</title><p>We're verifying your browser</p>",
        (
            "<title>Verify</title><h1>Please verify</h1><iframe "
            "src='https://newassets.hcaptcha.com/captcha/v1/x'></iframe>"
        ),
        (
            "<script>window.gokuProps={}</script><script "
            "src='https://x.token.awswaf.com/challenge.js'></script><noscript>enable JavaScript</noscript>"
        ),
        "<title>Вы не робот?</title><p>Подтвердите, что запросы отправляли вы</p>",
        "<title>shop</title><button>Continue shopping</button><form action='/errors/validateCaptcha'></form>",
        "<title>Robot Check</title><p>Enter the characters you see below</p>",
        "<title>Un instant…</title><p>Vérification en cours. Ray ID: 1</p>",
        "<title>Error</title><p>Our systems have detected unusual traffic from your computer network.</p>",
        "<title>403 Forbidden</title><h1>403 Forbidden</h1><hr>nginx",
        (
            "<title>Before you continue to VideoTube</title><h1>Before you continue to VideoTube</h1><p>We use cookies "
            "and data</p>"
            "<button>Reject all</button><button>Accept all</button>"
        ),
        "<title>Acme</title><h1>Sorry</h1><p>This service is not available in your country.</p>",
        (
            "<title>Unavailable</title><p>451: Unavailable due to legal reasons. We cannot grant access from the "
            "European Economic Area.</p>"
        ),
    ],
)
def test_a_wall_is_blocked(page: str) -> None:
    assert "blocked" == code(page)


@pytest.mark.parametrize(
    "page",
    [
        f"<title>Pricing</title><h1>Pricing</h1>{PLANS}<footer>This site is protected by reCAPTCHA.</footer>",
        (
            f"<title>Pricing</title>{PLANS}<script>window['__CF$cv$params']={{r:'1'}}</script><script "
            f"src='/_Incapsula_Resource?SWJIYLWA=1'></script>"
        ),
        f"<title>Captcha as a service - pricing</title><h1>Stop bots with our captcha</h1>{PLANS}",
        "<title>How captchas work</title><h1>How captchas work</h1>"
        + "<p>A page may ask you to verify you are human before it lets you in.</p>" * 60,
        (
            f"<title>Pricing</title><div>We use cookies. <button>Accept all</button><button>Reject "
            f"all</button></div>{PLANS}"
        ),
        "<title>Verification | Acme</title><h1>Identity verification</h1><p>Plans from $99 per month</p>",
        "<title>Contact us</title><p>Complete the captcha to send the form.</p>"
        + "<p>Our team is happy to help.</p>" * 12,
        f"<title>Pricing</title>{PLANS}<p>This feature is not available in your region.</p>",
        "<title>Fixing 404 not found errors | Blog</title><h1>Fixing 404 not found errors</h1>"
        + "<p>A missing page answers 404.</p>" * 50,
        (
            f"<title>Pricing</title><script src='/app.js'></script><div "
            f"id='root'>{PLANS}{'<p>All plans have everything you need.</p>' * 8}</div>"
        ),
    ],
)
def test_a_page_that_mentions_walls_is_a_page(page: str) -> None:
    """A false alarm would freeze a vendor's prices."""
    assert code(page) is None


@pytest.mark.parametrize(
    "page",
    [
        "<title>404: This page could not be found</title><h1>404</h1><h2>This page could not be found.</h2>",
        "<title>Page not found - Acme</title><h1>Oops!</h1><a href='/'>Home</a>",
        "<title>Acme</title><h1>We can’t find that page</h1><p>Try our search.</p>",
        "<title>Acme | Seite nicht gefunden</title><p>Hoppla</p>",
        "<title>Acme</title><h1>The page you are looking for doesn't exist</h1>",
        "<title>Service Unavailable</title><h1>Service Unavailable</h1>",
    ],
)
def test_a_missing_page_that_answers_200_is_the_wrong_page(page: str) -> None:
    assert "wrong_page" == code(page)


@pytest.mark.parametrize(
    "page",
    [
        "<title>Acme pricing</title><div id='root'></div><script src='/static/main.js'></script>",
        "<title>Acme</title><noscript>You need to enable JavaScript to run this app.</noscript><div id='x'></div>",
        "<title>Acme</title><p>Loading...</p><script src='/a.js'></script>",
    ],
)
def test_a_shell_that_a_script_fills_says_so(page: str) -> None:
    assert "script_only" == code(page)


def test_the_reason_is_one_line_that_says_what_was_found_and_what_to_do() -> None:
    found = classify(read_document(b"<title>Just a moment...</title><script>window._cf_chl_opt={}</script>"))

    assert found is not None
    assert "\n" not in found.message
    assert "Cloudflare" in found.message
    assert "import the facts by hand" in found.message


def test_a_huge_title_is_looked_at_in_bounded_time() -> None:
    assert code(f"<title>{'not found ' * 100_000}</title><p>{'word ' * 2000}</p>") is None
