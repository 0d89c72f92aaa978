"""Several people import the same file at the same moment."""

from concurrent.futures import ThreadPoolExecutor

from audit_engine.records.tables import Case, ImportedFile

from .conftest import Service


def test_one_of_many_who_import_the_same_file_writes_it(service: Service) -> None:
    """Comparing and writing are one transaction: nobody adds what another has just added."""
    service.bring_in("people")

    with ThreadPoolExecutor(8) as pool:
        results = [waiting.result() for waiting in [pool.submit(service.bring_in, "cases") for _ in range(8)]]

    assert sorted(result.added for result in results) == [0] * 7 + [4]
    assert sum(result.nothing_changed and result.same_file_before for result in results) == 7
    assert len(service.rows(Case)) == 4
    assert sorted(row["kind"] for row in service.rows(ImportedFile)) == ["cases", "people"]
    assert service.is_sound()
