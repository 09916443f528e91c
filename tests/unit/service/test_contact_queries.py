import pytest

from service.adapters.postgres.bound_queries import statement_of
from service.adapters.postgres.contact_queries import _CONDITIONS, _SORT_COLUMNS
from service.adapters.postgres.queries import Query
from service.adapters.postgres.tables import CONTACTS, Contacts, Users
from service.application.ports import ContactFilter, SortField
from service.domain.contacts import Contact

ALL = Query.over(CONTACTS)


def test_every_filter_of_the_port_has_a_condition():
    assert set(_CONDITIONS) == set(ContactFilter.__struct_fields__)


def test_every_field_to_sort_by_has_a_column():
    assert set(_SORT_COLUMNS) == set(SortField.__args__)


async def test_relevance_without_a_text_is_refused():
    with pytest.raises(ValueError, match="got one about nothing"):
        statement_of(ALL.order_by(Contacts.RELEVANCE.descending()), "rows")


def test_a_column_of_a_table_that_is_not_joined_is_refused():
    with pytest.raises(ValueError, match="must be of contacts, got one of users"):
        statement_of(ALL.where(Users.USERNAME.equals("ada")), "rows")


@pytest.mark.parametrize(
    "ask", [Contacts.EMAIL.equals, Contacts.NUMBER.is_above, lambda v: Contacts.EMAIL.is_in([v])]
)
def test_none_is_no_value_to_compare_with(ask):
    with pytest.raises(ValueError, match="got None"):
        ask(None)


def test_the_columns_of_a_contact_are_its_fields():
    assert tuple(column.name for column in CONTACTS.columns) == Contact.__struct_fields__
