"""A page of another site with the app in a frame."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def host_page(url: str, *, size: tuple[int, int]) -> Iterator[str]:
    """Another site's page that shows ``url`` in a frame of ``size`` pixels; gives its address."""
    width, height = size
    frame = f'<iframe style="border:0" src="{url}" width="{width}" height="{height}"></iframe>'
    html = f'<!doctype html><body style="margin:0">{frame}'

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *args: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
