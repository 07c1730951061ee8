"""The doors without a server between: an application on the backend, and people who come to it."""

import dataclasses

import pytest

from chat.app import create_app
from tests.people import Visitor, new_name

PASSWORD = "correct horse battery"


@pytest.fixture
def app(backend):
    backend.config = dataclasses.replace(backend.config, host="0.0.0.0")  # nobody is the first admin
    return create_app(backend)


@pytest.fixture
def enter(app):
    """Registers somebody: `ann = enter("ann")`."""

    def make(name, password=PASSWORD, agent="Firefox"):
        visitor = Visitor(app, agent)
        visitor.name = new_name(name)
        assert visitor.code("POST", "/api/register", username=visitor.name, password=password) == 201
        visitor.id = int(visitor.ask("GET", "/api/me").json["user"]["id"])
        return visitor

    return make
