"""A review as a page that this machine alone can open: a decision, its evidence, its fields."""

from pathlib import Path

from flask import Flask, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from ingest.authoring.reviewing.decision import Decision
from ingest.authoring.reviewing.review import Review, is_next
from ingest.shared.local_pages import make_local_app
from ingest.shared.problems import InputError


def make_app(review: Review) -> Flask:
    """Return the pages of a review: one shows a decision, and takes what is said of it."""
    app, token = make_local_app(__name__, Path(__file__).parent / "pages")
    told: list[str] = []

    def find(decisions: list[Decision], key: str | None) -> Decision | None:
        return next((one for one in decisions if one.key == key), None)

    def show(
        decisions: list[Decision],
        chosen: Decision | None,
        said: dict[str, str],
        error: InputError | None = None,
    ) -> str:
        words, told[:] = list(told), []
        return render_template(
            "review.html",
            edition=review.edition, decisions=decisions, chosen=chosen, said=said, told=words,
            able={one.key for one in decisions if is_next(one, decisions)}, error=error,
            token=token, taken_count=review.taken_count, missing=review.missing,
            left=() if decisions else review.find_problems(),
        )  # fmt: skip

    @app.get("/")
    def open_first() -> str:
        wanted, decisions = request.args.get("decision"), review.list_decisions()
        chosen = find(decisions, wanted)
        if wanted is not None and chosen is None:
            told.append(f"{wanted} is decided already, or not there.")
        return show(decisions, chosen or next(iter(decisions), None), {})

    @app.post("/take")
    def take() -> str | AnyResponse | tuple[str, int]:
        decisions = review.list_decisions()
        chosen = find(decisions, request.form.get("decision"))
        if chosen is None:
            told.append("That is decided already, perhaps on another page.")
            return redirect(url_for("open_first"), 303)
        said = {
            one.name: " ".join(request.form.getlist(f"say:{one.name}")) for one in chosen.fields
        }
        try:
            told.extend(review.take(chosen.key, said))
        except InputError as error:
            return show(decisions, chosen, said, error), 422
        return redirect(url_for("open_first"), 303)

    @app.post("/back")
    def take_back() -> str | AnyResponse | tuple[str, int]:
        try:
            told.append(f"taken back: {', '.join(review.take_back())}")
        except InputError as error:
            decisions = review.list_decisions()
            return show(decisions, next(iter(decisions), None), {}, error), 422
        return redirect(url_for("open_first"), 303)

    @app.get("/take")
    @app.get("/back")
    def read_again() -> AnyResponse:
        return redirect(url_for("open_first"), 303)

    return app
