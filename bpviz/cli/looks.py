"""The option that every picture shares."""

from __future__ import annotations

import click

from bpviz.views.theme import TABLE

theme_option = click.option(
    "--theme", type=click.Choice([theme.name for theme in TABLE]), default=TABLE[0].name, help="The look."
)
