"""A trace for a lecture: slides, sheets to fill in, exercises, and the pages of single gates."""

from bpviz.lecture.exercises import Exercise, exercise
from bpviz.lecture.slides import Deck, deck
from bpviz.lecture.worksheets import Worksheets, worksheet

__all__ = ["Deck", "Exercise", "Worksheets", "deck", "exercise", "worksheet"]
