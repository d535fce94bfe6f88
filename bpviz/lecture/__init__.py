"""A trace for a lecture: slides, sheets to fill in, exercises, and the pages of single gates."""

from bpviz.lecture.decks import Deck, deck, find_deck_kind, write_deck
from bpviz.lecture.derivation_pages import typeset_steps
from bpviz.lecture.exercises import Exercise, exercise
from bpviz.lecture.gate_pictures import GateFigure, draw_gate
from bpviz.lecture.students import read_names
from bpviz.lecture.worksheets import Worksheets, name_key_file, refuse_values, worksheet

__all__ = [
    "Deck",
    "Exercise",
    "GateFigure",
    "Worksheets",
    "deck",
    "draw_gate",
    "exercise",
    "find_deck_kind",
    "name_key_file",
    "read_names",
    "refuse_values",
    "typeset_steps",
    "worksheet",
    "write_deck",
]
