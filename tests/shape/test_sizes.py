"""Small things: files of at most 400 full lines, functions of at most 50, at most 6 parameters."""

from tests.shape.sources import allowed, files, full_lines, functions, judge, short

LONGEST_FILE, LONGEST_FUNCTION, MOST_PARAMETERS = 400, 50, 6
EVERYWHERE = ("pluralis", "tests", "bench", "tools")


def test_no_file_is_longer_than_can_be_read_at_once() -> None:
    long = {short(path) for path in files(*EVERYWHERE) if full_lines(path) > LONGEST_FILE}
    assert judge("file", long) == []


def test_no_function_is_longer_than_a_page() -> None:
    found = [one for path in files(*EVERYWHERE) for one in functions(path)]
    assert judge("function", {f"{one.path}:{one.name}" for one in found if one.lines > LONGEST_FUNCTION}) == []


def test_no_function_of_the_product_takes_more_than_six_things() -> None:
    """Counted are all parameters, ``actor`` and ``now`` too; only ``self`` and ``cls`` are not."""
    found = [one for path in files("pluralis") for one in functions(path)]
    wide = {f"{one.path}:{one.name}" for one in found if one.parameters > MOST_PARAMETERS}
    assert judge("parameters", wide) == []


def test_most_functions_are_of_a_few_lines() -> None:
    lengths = sorted(one.lines for path in files("pluralis") for one in functions(path))
    assert lengths[len(lengths) // 2] <= 10
    assert lengths[int(len(lengths) * 0.95)] <= 45


def test_there_is_at_least_a_line_of_test_for_each_line_of_code() -> None:
    code = sum(full_lines(path) for path in files("pluralis"))
    test = sum(full_lines(path) for path in files("tests"))
    assert judge("less test than code", set() if test >= code else {"tests"}) == []


def test_every_exception_has_a_reason() -> None:
    assert [place for (_rule, place), reason in allowed().items() if len(reason) < 20] == []
