"""Look-up by namespace, name and day, on registries of the tests' own."""

from __future__ import annotations

from datetime import date
from typing import Any

from aibom.catalog import Boilerplate, Registry
from aibom.catalog.entries import decode

from .registries import document, entry, name, namespace, parent, seat


def registry(*entries: dict[str, Any]) -> Registry:
    return Registry(decode(document(*entries)))


def test_a_namespace_is_found_in_any_letter_case() -> None:
    known = registry(entry("acme", hub_namespaces=[namespace("AcmeAI")]))
    found = known.by_namespace("acmeai")
    assert found is not None
    assert (found.id, found.name, found.jurisdiction) == ("acme", "acme Ltd.", "FR")
    assert found.source == "registry: namespace acmeai; country unverified"
    assert known.by_namespace("acme") is None


def test_an_unknown_namespace_has_no_country() -> None:
    found = registry().resolve("Someone/model")
    assert (found.id, found.name, found.jurisdiction) == ("hub:Someone", "Someone", None)
    assert found.source == "Hub namespace Someone, not in the registry"


def test_a_hub_name_without_a_namespace_is_nobodys() -> None:
    found = registry(entry("gpt2", hub_namespaces=[namespace("gpt2")])).resolve("gpt2")
    assert (found.id, found.jurisdiction) == ("hub:/gpt2", None)


def test_an_unknown_id_is_referred_to_without_a_country() -> None:
    found = registry().ref("hub:someone")
    assert (found.id, found.name, found.jurisdiction) == ("hub:someone", "someone", None)


def test_a_brand_must_be_the_whole_text_and_a_generic_one_never_matches() -> None:
    known = registry(
        entry(
            "acme", names=[name("Acme", "brand"), name("Acme Labs Inc."), name("Step", "brand", generic=True)]
        )
    )
    assert known.by_name("ACME") is not None
    assert known.by_name("The Acme team") is None
    assert known.by_name("The Acme Labs team") is not None
    assert known.by_name("Acme and others") is None
    assert known.by_name("Step") is None
    assert known.by_name("") is None


def test_boilerplate_is_a_property_of_the_name() -> None:
    known = registry(
        entry(
            "porter",
            names=[
                name("Porter Inc."),
                name("The Porter Inc. team", "copyright-notice", boilerplate="always"),
                name("Porter Research", "team"),
            ],
        )
    )
    assert known.boilerplate("Porter Inc. team") is Boilerplate.ALWAYS
    assert known.is_boilerplate("the porter team")
    assert not known.is_boilerplate("Porter Research")
    assert not known.is_boilerplate("Nobody")


def test_the_day_decides_over_seat_and_parent() -> None:
    known = registry(
        entry("buyer", jurisdictions=[seat("US")]),
        entry(
            "startup",
            jurisdictions=[seat("IL", to="2024-12-31"), seat("DE", **{"from": "2025-01-01"})],
            parents=[parent("buyer", **{"from": "2024-05-01"})],
        ),
    )

    def where(on: date | None) -> tuple[str | None, str | None]:
        found = known.ref("startup", on)
        return found.jurisdiction, found.ultimate_jurisdiction

    assert where(date(2024, 4, 30)) == ("IL", "IL")
    assert where(date(2024, 5, 1)) == ("IL", "US")
    assert where(date(2024, 12, 31)) == ("IL", "US")
    assert where(date(2025, 1, 1)) == ("DE", "US")
    assert where(None) == ("DE", "US")


def test_an_offshore_holding_counts_by_where_it_is_led_from() -> None:
    known = registry(
        entry("holding", jurisdictions=[seat("KY"), seat("CN", "headquarters")]),
        entry("maker", jurisdictions=[seat("CN")], parents=[parent("holding")]),
    )
    maker, holding = known.ref("maker"), known.ref("holding")
    assert (maker.jurisdiction, maker.ultimate_jurisdiction) == ("CN", "CN")
    assert (holding.jurisdiction, holding.ultimate_jurisdiction) == ("KY", "CN")
    assert maker.source == "registry; country unverified; ultimate parent holding Ltd. unverified"


def test_the_chain_of_parents_is_walked_and_an_ultimate_one_goes_first() -> None:
    known = registry(
        entry("top", jurisdictions=[seat("JP")]),
        entry("middle", parents=[parent("top")]),
        entry("chained", parents=[parent("middle")]),
        entry("other", jurisdictions=[seat("SE")]),
        entry("direct", parents=[parent("other"), parent("top", "ultimate")]),
    )
    assert known.ref("chained").ultimate_jurisdiction == "JP"
    assert known.ref("direct").ultimate_jurisdiction == "JP"


def test_no_country_is_said_to_be_unknown() -> None:
    found = registry(entry("someone", kind="individual", jurisdictions=[])).ref("someone")
    assert (found.jurisdiction, found.ultimate_jurisdiction) == (None, None)
    assert found.source == "registry; no country known"


def test_a_parent_without_a_country_gives_no_ultimate_country() -> None:
    found = registry(entry("top", jurisdictions=[]), entry("child", parents=[parent("top")])).ref("child")
    assert (found.jurisdiction, found.ultimate_jurisdiction) == ("FR", None)


def test_a_cycle_of_parents_ends() -> None:
    known = registry(entry("one", parents=[parent("two")]), entry("two", parents=[parent("one")]))
    assert known.ref("one").ultimate_jurisdiction == "FR"


def test_verified_claims_are_called_verified() -> None:
    known = registry(entry("acme", jurisdictions=[seat("FR") | {"verified": True}]))
    assert known.ref("acme").source == "registry; country verified"
