"""What a browser suggests for a newcomer's currency, locale and time zone."""

import pytest

from core.identity import Ways, guessed


@pytest.mark.parametrize(
    ("language", "zone", "ways"),
    [
        ("en-US", "America/New_York", Ways("USD", "en_US", "America/New_York")),
        ("de", "Europe/Berlin", Ways("EUR", "de_DE", "Europe/Berlin")),
        ("de-CH", "Europe/Zurich", Ways("CHF", "de_CH", "Europe/Zurich")),
        ("fr-CA", None, Ways("CAD", "fr_CA", "UTC")),
        ("zh-Hant-TW", "Asia/Taipei", Ways("TWD", "zh_TW", "Asia/Taipei")),
        (None, None, Ways()),
        ("", "Mars/Olympus", Ways()),
        ("xx-YY", "Europe/Paris", Ways("USD", "en_US", "Europe/Paris")),
        ("<script>", "../../etc/passwd", Ways()),
    ],
)
def test_a_browsers_language_and_zone_become_first_settings(language: str | None, zone: str | None, ways: Ways) -> None:
    assert guessed(language, zone) == ways
