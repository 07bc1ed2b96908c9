"""Pages that this machine alone can open: on the loopback address, for nobody else's name."""

import secrets
import socket
from pathlib import Path

from flask import Flask, Response, abort, request
from werkzeug.serving import make_server

from ingest.shared.problems import InputError, Problem

HOST = "127.0.0.1"
# What a page may do: show itself, with the styles that stand in it, and send its own form.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'"


def make_local_app(name: str, pages: Path) -> tuple[Flask, str]:
    """Return an app with the templates of a folder, and the token that its forms must send.

    Another site that is open in the same program can send a form; it cannot know the token.
    """
    app = Flask(name, template_folder=str(pages), static_folder=None)
    token = secrets.token_urlsafe()

    @app.before_request
    def refuse_strangers() -> None:
        host = request.host.rpartition(":")[0] or request.host
        if host not in (HOST, "localhost"):
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

    return app, token


def serve(app: Flask, port: int, what: str) -> None:
    """Serve pages until they are stopped. Raises InputError where the port is taken."""
    with socket.socket() as taken:
        if taken.connect_ex((HOST, port)) == 0:
            told = f"Something else listens on port {port} of this machine."
            raise InputError([Problem(what, told, "Name another: --port.")])
    server = make_server(HOST, port, app, threaded=False)
    print(f"http://{HOST}:{server.server_port}/ has {what}; Ctrl+C ends it", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()
