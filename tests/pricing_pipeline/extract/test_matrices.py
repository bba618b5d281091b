"""Tables and boxes that compare plans, price models or bands of use."""

from __future__ import annotations

import pytest

from tests.pricing_pipeline.extract.notation import ALL, facts
from tests.pricing_pipeline.extract.pages import framed

ROWS = [
    ("", "Free", "Team", "Business"),
    ("Price", "$0", "$12/user/month", "$24/user/month"),
    ("Projects", "3", "Unlimited", "Unlimited"),
    ("Storage", "1 GB", "100 GB", "1 TB"),
    ("API calls per month", "1,000", "50,000", "500,000"),
    ("Log retention", "7 days", "30 days", "1 year"),
    ("SSO", "–", "–", "✓"),
]
READ = {
    "Free": ["free", "3 project", "1 storage_gb", "1000 api_call/month", "7 log_retention_day"],
    "Team": [
        "12 USD/month per seat",
        "unlimited project",
        "100 storage_gb",
        "50000 api_call/month",
        "30 log_retention_day",
    ],
    "Business": [
        "24 USD/month per seat",
        "unlimited project",
        "1 storage_tb",
        "500000 api_call/month",
        "1 log_retention_year",
    ],
}


def boxes(row: str, cell: str, *, frame: str = "<div class='t'>{}</div>") -> str:
    """The rows in boxes of these attributes."""
    inner = ["".join(f"<div {cell}>{text}</div>" for text in texts) for texts in ROWS]
    return frame.format("".join(f"<div {row}>{cells}</div>" for cells in inner))


@pytest.mark.parametrize(
    "body",
    [
        "<table>{}</table>".format("".join("<tr>{}</tr>".format("".join(f"<td>{c}</td>" for c in row)) for row in ROWS)),
        boxes("role='row'", "role='cell'", frame="<div role='table'>{}</div>"),
        boxes("role='row'", "role='cell'", frame="<div role='table'><div role='rowgroup'>{}</div></div>"),
        boxes("class='r'", "class='c'"),
        boxes("class='r'", "class='c'").replace("</div></div><div class='r'><div class='c'>SSO", "</div></div>"
        "<div class='s'><h4>Security</h4></div><div class='r'><div class='c'>SSO"),
    ],
    ids=["table", "roles", "roles in groups", "boxes", "boxes in sections"],
)  # fmt: skip
def test_a_comparison_of_plans_is_read_whatever_it_is_made_of(body: str) -> None:
    """Its columns are the plans, with their prices in a row."""
    assert READ == facts(framed(body))


def test_boxes_below_the_cards_add_what_they_compare() -> None:
    """The cards name the plans, the matrix says what they hold."""
    body = (
        "<div class='g'><div class='c'><h3>Basic</h3><p>$5/mo</p></div><div class='c'><h3>Pro</h3><p>$10/mo</p></div></div>"
        "<div class='m'><div class='r'><div></div><div>Basic</div><div>Pro</div></div>"
        "<div class='r'><div>Seats</div><div>3</div><div>Unlimited</div></div>"
        "<div class='r'><div>Storage</div><div>5 GB</div><div>50 GB, then $0.10/GB</div></div></div>"
    )

    assert {
        "Basic": ["5 USD/month", "3 seat", "5 storage_gb"],
        "Pro": ["10 USD/month", "unlimited seat", "0.10 USD per storage_gb", "50 storage_gb"],
    } == facts(framed(body))


def test_boxes_in_rows_that_compare_nothing_are_left_alone() -> None:
    """Reasons to buy stand in rows of three as well."""
    reasons = "".join(
        f"<div class='r'>{''.join(f'<div>Reason {3 * row + place}</div>' for place in range(3))}</div>"
        for row in range(4)
    )

    assert {} == facts(framed(f"<div class='w'>{reasons}</div>"))


def test_columns_of_rates_say_in_their_heads_what_for() -> None:
    """ "Input (1M tokens)" over the amounts: a rate, not what a plan costs."""
    body = (
        "<table><tr><th>Model</th><th>Input (1M tokens)</th><th>Output / 1M tokens</th></tr>"
        "<tr><td>tiny-1</td><td>$0.15</td><td>$0.60</td></tr><tr><td>large-1</td><td>$2.50</td><td>$10</td></tr></table>"
    )

    assert {
        "tiny-1": ["0.15 USD per 1000000 input_token", "0.60 USD per 1000000 output_token"],
        "large-1": ["2.50 USD per 1000000 input_token", "10 USD per 1000000 output_token"],
    } == facts(framed(body))


def test_rows_under_one_unit_price_what_they_are_labelled_with() -> None:
    """Storage and bandwidth are both sold by the GB; neither contradicts the other."""
    body = (
        "<table><tr><th>Resource</th><th>Price per GB</th></tr><tr><td>Storage</td><td>$0.02</td></tr>"
        "<tr><td>Bandwidth</td><td>$0.09</td></tr></table>"
    )

    assert {ALL: ["0.02 USD per storage_gb", "0.09 USD per bandwidth_gb"]} == facts(framed(f"<h1>Rates</h1>{body}"))


def test_machines_in_rows_hold_each_measure_of_their_columns() -> None:
    """Memory, disk and traffic are all counted in GB and TB."""
    body = (
        "<table><tr><th>Plan</th><th>RAM</th><th>SSD</th><th>Transfer</th><th>Price</th></tr>"
        "<tr><td>VPS S</td><td>4 GB</td><td>50 GB</td><td>2 TB</td><td>€4.99/mo</td></tr>"
        "<tr><td>VPS M</td><td>8 GB</td><td>100 GB</td><td>4 TB</td><td>€8.99/mo</td></tr></table>"
    )

    assert {
        "VPS S": ["4 ram_gb", "50 ssd_gb", "2 transfer_tb", "4.99 EUR/month"],
        "VPS M": ["8 ram_gb", "100 ssd_gb", "4 transfer_tb", "8.99 EUR/month"],
    } == facts(framed(body))


def test_bands_are_of_what_their_column_counts() -> None:
    """ "Messages per month" heads bands of messages."""
    body = (
        "<table><tr><th>Messages per month</th><th>Price per 1,000</th></tr><tr><td>First 10,000</td><td>Free</td></tr>"
        "<tr><td>10,001 – 100,000</td><td>$0.80</td></tr><tr><td>100,001+</td><td>$0.50</td></tr></table>"
    )

    assert {
        ALL: [
            "free per message above 0",
            "0.80 USD per 1000 message above 10000",
            "0.50 USD per 1000 message above 100000",
        ]
    } == facts(framed(f"<h1>Pay for use</h1>{body}"))


def test_the_section_of_a_price_list_gives_its_period() -> None:
    """Where neither the header nor the cells do."""
    body = (
        "<h3>Monthly</h3><table><tr><th>Plan</th><th>Price</th></tr><tr><td>Mini</td><td>$5</td></tr>"
        "<tr><td>Maxi</td><td>$25</td></tr></table>"
    )

    assert {"Mini": ["5 USD/month"], "Maxi": ["25 USD/month"]} == facts(framed(body))
