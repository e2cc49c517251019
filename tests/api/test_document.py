"""The OpenAPI document is the one that is checked in, and random requests after it never break the server."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import yaml
from django.core.wsgi import get_wsgi_application
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from pluralis.teams.models import Account
from tests.api.conftest import Program
from tests.apps.cast import Cast, schedule, write

CHECKED_IN = Path(__file__).parents[2] / "docs" / "reference" / "openapi.yaml"
CHECKS = [not_a_server_error, response_schema_conformance, status_code_conformance]
FEW = settings(
    max_examples=8,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def generated() -> dict[str, Any]:
    document: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return document


def test_the_checked_in_document_is_the_generated_one() -> None:
    """Renew it with `python -m django spectacular --file docs/reference/openapi.yaml`."""
    assert yaml.safe_load(CHECKED_IN.read_text()) == generated()


def test_the_document_is_valid() -> None:
    validate_schema(generated())


def test_every_operation_says_what_it_does_and_every_creating_one_asks_for_its_key() -> None:
    operations = [one for methods in generated()["paths"].values() for one in methods.values()]
    assert [one["operationId"] for one in operations if not one.get("summary")] == []
    creating = [one for one in operations if "201" in one["responses"]]
    keyed = [one for one in operations if any(each["name"] == "Idempotency-Key" for each in one["parameters"])]
    assert creating == keyed and len(creating) == 14


def test_the_document_is_served_to_everybody(client: Any) -> None:
    assert yaml.safe_load(client.get("/api/openapi.yaml").content)["info"]["title"] == "Pluralis"


@pytest.fixture
def objects(cast: Cast, account: Account) -> dict[str, str]:
    """Real ids for the parameters of addresses."""
    planned = schedule(cast.alice, write(cast.alice, "Planned."), account, after=timedelta(hours=2).total_seconds())
    part = planned[0].parts.get()
    draft = write(cast.alice, "A draft.")
    found = {"account_id": account.id, "post_id": draft.id, "delivery_id": part.delivery_id, "part_id": part.id}
    return {name: str(value) for name, value in found.items()}


# The server's own handler closes connections between requests, so rows must be committed.
@pytest.mark.django_db(transaction=True)
def test_random_requests_after_the_document_never_break_the_server(alice: Program, objects: dict[str, str]) -> None:
    document = schemathesis.openapi.from_wsgi("/api/openapi.yaml", get_wsgi_application())
    operations = [found.ok() for found in document.get_all_operations()]
    assert len(operations) >= 30
    for operation in operations:
        _try(operation, alice, objects)


def _try(operation: Any, alice: Program, objects: dict[str, str]) -> None:
    @FEW
    @given(case=operation.as_strategy(), real=st.booleans())
    def ask(case: Any, real: bool) -> None:
        if real:
            case.path_parameters = {name: objects.get(name, value) for name, value in case.path_parameters.items()}
        # The random team header would only ever be ignored: a token names its team.
        answer = case.call(headers={"Authorization": f"Bearer {alice.token}", "Accept-Encoding": "identity"})
        case.validate_response(
            answer, checks=[not_a_server_error, response_schema_conformance, status_code_conformance]
        )

    ask()


def test_the_clock_of_the_document_is_not_a_moment() -> None:
    """Nothing in the document may change from day to day, or the comparison above would fail tomorrow."""
    assert str(timezone.now().year) not in str(generated())
