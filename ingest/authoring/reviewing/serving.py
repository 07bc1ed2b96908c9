"""A review as a page that this machine alone can open: a decision, its evidence, its fields."""

import secrets
import socket
from pathlib import Path

from flask import Flask, Response, abort, redirect, render_template, request, url_for
from werkzeug.serving import make_server
from werkzeug.wrappers import Response as AnyResponse

from ingest.authoring.reviewing.decision import Decision
from ingest.authoring.reviewing.review import Review, is_next
from ingest.shared.problems import InputError, Problem

HOST = "127.0.0.1"
# What the page may do: show itself, with the styles that stand in it, and send its own form.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'"


def serve_review(review: Review, port: int) -> None:
    """Serve the review until it is stopped. Raises InputError where the port is taken."""
    with socket.socket() as taken:
        if taken.connect_ex((HOST, port)) == 0:
            what = f"Something else listens on port {port} of this machine."
            raise InputError([Problem("review", what, "Name another: --port.")])
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
            abort(403, "This page is of another start of the command. Open / again.")

    @app.after_request
    def keep_to_itself(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Cache-Control"] = "no-store"
        return response

    def show(chosen: Decision | None, said: dict[str, str], error: InputError | None = None) -> str:
        words, told[:] = list(told), []
        decisions = review.list_decisions()
        return render_template(
            "review.html",
            edition=review.edition, decisions=decisions, chosen=chosen, said=said, told=words,
            able={one.key for one in decisions if is_next(one, decisions)}, error=error,
            token=token, taken_count=review.taken_count, missing=review.missing,
            left=() if decisions else review.find_problems(),
        )  # fmt: skip

    def find(key: str | None) -> Decision | None:
        return next((one for one in review.list_decisions() if one.key == key), None)

    @app.get("/")
    def open_first() -> str:
        wanted = request.args.get("decision")
        if wanted is not None and find(wanted) is None:
            told.append(f"{wanted} is decided already, or not there.")
        return show(find(wanted) or next(iter(review.list_decisions()), None), {})

    @app.post("/take")
    def take() -> str | AnyResponse | tuple[str, int]:
        chosen = find(request.form.get("decision"))
        if chosen is None:
            told.append("That is decided already, perhaps on another page.")
            return redirect(url_for("open_first"), 303)
        said = {
            one.name: " ".join(request.form.getlist(f"say:{one.name}")) for one in chosen.fields
        }
        try:
            told.extend(review.take(chosen.key, said))
        except InputError as error:
            return show(chosen, said, error), 422
        return redirect(url_for("open_first"), 303)

    @app.post("/back")
    def take_back() -> str | AnyResponse | tuple[str, int]:
        try:
            told.append(f"taken back: {', '.join(review.take_back())}")
        except InputError as error:
            return show(next(iter(review.list_decisions()), None), {}, error), 422
        return redirect(url_for("open_first"), 303)

    @app.get("/take")
    @app.get("/back")
    def read_again() -> AnyResponse:
        return redirect(url_for("open_first"), 303)

    return app
