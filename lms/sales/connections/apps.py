"""Which marketplaces this installation can connect to, as its settings say."""

from flask import current_app

from lms.sales.connections.amazon import Amazon
from lms.sales.connections.marketplaces import App, Marketplace
from lms.sales.connections.mercado_libre import MercadoLibre
from lms.sales.models import Channel

MARKETPLACES: dict[Channel, Marketplace] = {Channel.MERCADO_LIBRE: MercadoLibre(), Channel.AMAZON: Amazon()}


def connectable() -> list[Channel]:
    """The channels whose marketplace is set up; none, unless somebody did."""
    return [channel for channel in MARKETPLACES if app_of(channel)]


def app_of(channel: Channel) -> App | None:
    said = current_app.config
    if channel is Channel.MERCADO_LIBRE and said["MERCADO_LIBRE_CLIENT_ID"]:
        return App(
            client_id=said["MERCADO_LIBRE_CLIENT_ID"],
            client_secret=said["MERCADO_LIBRE_CLIENT_SECRET"],
            sign_in=said["MERCADO_LIBRE_SIGN_IN"],
            token=f"{said['MERCADO_LIBRE_API']}/oauth/token",
            api=said["MERCADO_LIBRE_API"],
        )
    if channel is Channel.AMAZON and said["AMAZON_CLIENT_ID"]:
        return App(
            client_id=said["AMAZON_CLIENT_ID"],
            client_secret=said["AMAZON_CLIENT_SECRET"],
            sign_in=said["AMAZON_SIGN_IN"],
            token=said["AMAZON_TOKEN"],
            api=said["AMAZON_API"],
            marketplace=said["AMAZON_MARKETPLACE"],
            application_id=said["AMAZON_APPLICATION_ID"],
        )
    return None
