"""Where the templates of pages and sheets are, and how they are filled."""

from pathlib import Path

import jinja2

FOLDER = Path(__file__).parent


def make_environment() -> jinja2.Environment:
    """Return what fills a template: everything is escaped, and what is not given is an error."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
