"""Settings of connections with marketplaces: off by default, whole or refused, and never printed."""

import pytest

from config import Config, Incomplete
from tests import build


def read(folder, **said) -> Config:
    return Config.from_environ({"DATA_DIR": str(folder), "SECRET_KEY": "only for tests, 16+", **said})


def test_without_settings_nothing_is_set_up(tmp_path):
    config = read(tmp_path)
    assert (config.MERCADO_LIBRE_CLIENT_ID, config.AMAZON_CLIENT_ID) == ("", "")


def test_a_marketplace_is_set_up_whole_or_refused_by_name(tmp_path):
    assert read(tmp_path, **build.MARKETPLACES).AMAZON_MARKETPLACE == "A1AM78C64UM0Y8"
    with pytest.raises(Incomplete) as refused:
        read(tmp_path, MERCADO_LIBRE_CLIENT_ID="123", AMAZON_CLIENT_ID="a", AMAZON_CLIENT_SECRET="b")
    for name in ("MERCADO_LIBRE_CLIENT_SECRET", "MERCADO_LIBRE_SIGN_IN", "AMAZON_TOKEN", "AMAZON_API"):
        assert name in str(refused.value)
    assert "AMAZON_CLIENT_SECRET" not in str(refused.value)


@pytest.mark.parametrize("address", ["http://example.org", "ftp://127.0.0.1", "example.org", "https://"])
def test_secrets_go_to_encrypted_addresses_only(tmp_path, address):
    with pytest.raises(Incomplete, match="AMAZON_API"):
        read(tmp_path, **build.MARKETPLACES | {"AMAZON_API": address})


def test_secrets_of_marketplaces_do_not_show(tmp_path):
    assert "client-secret" not in repr(read(tmp_path, **build.MARKETPLACES))
