from service.adapters.postgres.contact_queries import _CONDITIONS, _SORT_COLUMNS
from service.application.ports import ContactFilter, SortField


def test_every_filter_of_the_port_has_a_condition():
    assert set(_CONDITIONS) == set(ContactFilter.__struct_fields__)


def test_every_field_to_sort_by_has_a_column():
    assert set(_SORT_COLUMNS) == set(SortField.__args__)
