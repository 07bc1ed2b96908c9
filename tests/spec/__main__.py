"""Write docs/routing.md from the tables that the tests hold the warehouse to."""

from tests.spec.routing import PAGE, read_specs, render

if __name__ == "__main__":
    PAGE.write_text(render(read_specs()), encoding="utf-8")
