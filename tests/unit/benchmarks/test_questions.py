import pytest

from benchmarks.differences import require_equal_results
from benchmarks.question import ProgramQuestion, Question, Ratio
from benchmarks.questions import get_question, iter_questions
from benchmarks.readme import ROWS
from benchmarks.selection import choose, sizes_of

QUESTIONS = tuple(iter_questions())
IN_PROCESS = [question for question in QUESTIONS if isinstance(question, Question)]


def named_by(bar):
    if isinstance(bar, Ratio):
        return (*bar.against, bar.engine)
    return (*bar.of, *filter(None, (bar.above, bar.of_it)))


@pytest.mark.parametrize("question", IN_PROCESS, ids=lambda question: question.name)
def test_all_contenders_agree(question):
    assert require_equal_results(question.at(640), question.make_data(640)) is None


def test_who_would_take_minutes_does_not_take_part():
    question = get_question("kmerge column, k=8")
    assert "loop" in {contender.name for contender in question.at(1_000_000).contenders}
    assert "loop" not in {contender.name for contender in question.at(50_000_000).contenders}


def test_names_of_questions_are_their_own():
    assert len({question.name for question in QUESTIONS}) == len(QUESTIONS)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_bars_name_contenders_of_their_question(question):
    known = {contender.name for contender in question.contenders}
    assert {name for bar in question.bars for name in named_by(bar)} <= known


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_bars_hold_at_sizes_that_are_measured(question):
    assert {size for bar in question.bars for size in bar.sizes} <= set(question.sizes)


def test_the_readme_tells_of_questions_that_exist():
    assert {name for row in ROWS for name in row.questions} <= {question.name for question in QUESTIONS}


def test_an_unknown_question_is_refused_with_its_name():
    with pytest.raises(LookupError, match="got 'sorting'"):
        get_question("sorting")


def test_a_word_chooses_every_question_that_begins_with_it():
    assert {question.name for question in choose(QUESTIONS, ["par_map"])} == {
        "par_map, 64 KiB",
        "par_map, 1024 KiB",
    }


def test_no_word_chooses_the_whole_lane():
    assert {question.lane for question in choose(QUESTIONS, [], "columns")} == {"columns"}


def test_a_word_that_begins_no_question_is_refused():
    with pytest.raises(LookupError, match="got 'sorting'"):
        choose(QUESTIONS, ["join", "sorting"])


def test_sizes_asked_for_replace_the_questions_own():
    assert sizes_of(get_question("chain of lambdas"), [5, 6], only_barred=False) == [5, 6]


def test_bars_are_measured_where_they_hold():
    assert sizes_of(get_question("join objects, int keys"), None, only_barred=True) == [400_000]


def test_a_question_without_data_has_one_size():
    assert isinstance(get_question("import engine"), ProgramQuestion)
    assert sizes_of(get_question("import engine"), [5, 6], only_barred=False) == [1]
