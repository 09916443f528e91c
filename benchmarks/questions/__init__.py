"""The questions, one file each."""

from __future__ import annotations

from benchmarks.question import Question
from benchmarks.questions import chunk_by, group_by, join, kmerge, par_map

QUESTIONS: dict[str, Question] = {
    question.name: question
    for question in (
        *chunk_by.QUESTIONS,
        *group_by.QUESTIONS,
        *kmerge.QUESTIONS,
        *join.QUESTIONS,
        *par_map.QUESTIONS,
    )
}
