"""A review as a page that this machine alone can open: a decision, its evidence, its fields."""

import secrets
from pathlib import Path

from flask import Flask, Response, abort, redirect, render_template, request, url_for
from werkzeug.serving import make_server
from werkzeug.wrappers import Response as AnyResponse

from ingest.authoring.reviewing.decision import Decision
from ingest.authoring.reviewing.review import Review
from ingest.shared.problems import InputError, Problem

HOST = "127.0.0.1"
# What the page may do: show itself, with the styles that stand in it, and send its own form.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'"


def serve_review(review: Review, port: int) -> None:
    """Serve the review until it is stopped. Raises OSError where the port is taken."""
    server = make_server(HOST, port, make_app(review), threaded=False)
    print(f"http://{HOST}:{server.server_port}/ has the review; Ctrl+C ends it", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


def make_app(review: Review) -> Flask:
    """Return the pages of a review: one shows a decision, and takes what is said of it."""
    app = Flask(__name__, template_folder=str(Path(__file__).parent / "pages"), static_folder=None)
    # Whatever other page is open can send a form here; it cannot know this.
    token = secrets.token_urlsafe()
    told: list[str] = []

    @app.before_request
    def refuse_strangers() -> None:
        name = request.host.rpartition(":")[0] or request.host
        if name not in (HOST, "localhost"):
            abort(403)
        if request.method == "POST" and not secrets.compare_digest(
            request.form.get("token", ""), token
        ):
            abort(403)

    @app.after_request
    def keep_to_itself(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Cache-Control"] = "no-store"
        return response

    def show(
        decisions: list[Decision],
        chosen: Decision | None,
        said: dict[str, str],
        problems: tuple[Problem, ...] = (),
    ) -> str:
        words, told[:] = list(told), []
        return render_template(
            "review.html",
            edition=review.edition, decisions=decisions, chosen=chosen, said=said, told=words,
            problems=problems, token=token, taken_count=review.taken_count,
        )  # fmt: skip

    @app.get("/")
    def open_first() -> str:
        decisions = review.list_decisions()
        wanted = request.args.get("decision")
        chosen = next((one for one in decisions if one.key == wanted), None)
        chosen = chosen or next(iter(decisions), None)
        problems = () if decisions else review.find_problems()
        return show(decisions, chosen, {}, problems)

    @app.post("/take")
    def take() -> str | AnyResponse | tuple[str, int]:
        key = request.form.get("decision", "")
        decisions = review.list_decisions()
        chosen = next((one for one in decisions if one.key == key), None)
        fields = chosen.fields if chosen else ()
        said = {one.name: " ".join(request.form.getlist(f"say:{one.name}")) for one in fields}
        try:
            told.extend(review.take(key, said))
        except InputError as error:
            return show(decisions, chosen, said, error.problems), 422
        return redirect(url_for("open_first"), 303)

    @app.post("/back")
    def take_back() -> str | AnyResponse | tuple[str, int]:
        try:
            told.append(f"taken back: {', '.join(review.take_back())}")
        except InputError as error:
            decisions = review.list_decisions()
            return show(decisions, next(iter(decisions), None), {}, error.problems), 422
        return redirect(url_for("open_first"), 303)

    return app
