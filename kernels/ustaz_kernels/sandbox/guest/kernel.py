"""The Python kernel inside the jail: ipykernel with a limit on what a cell shows.

The kernelspec names this file by its path inside the jail, so that a kernel started by anything but
our provisioner does not start at all.

The limit is for programs that print without end. A program that means harm can take it away, for it
runs in the same process; see `kernels/README.md`.
"""

from __future__ import annotations

import os
import sys
from typing import Any

_SHOWN = ("stream", "display_data", "update_display_data", "execute_result")
_CUT = "\n…\n"


def limit_output(session_class: Any, limit: int) -> None:
    """Let a session class send at most `limit` characters of output for one request."""
    send = session_class.send
    left: dict[object, int] = {}

    def limited(
        self: Any,
        stream: Any,
        kind: Any,
        content: Any = None,
        parent: Any = None,
        ident: Any = None,
        *more: Any,
        **named: Any,
    ) -> Any:
        whole = kind if isinstance(kind, dict) else {"msg_type": kind, "content": content}
        cause = kind.get("parent_header") if isinstance(kind, dict) else parent
        if whole["msg_type"] not in _SHOWN:
            return send(self, stream, kind, content, parent, ident, *more, **named)
        request = _request(cause)
        if request not in left:
            left.clear()  # one request at a time
            left[request] = limit
        before = left[request]
        left[request] -= _size(whole["content"])
        if left[request] >= 0:
            return send(self, stream, kind, content, parent, ident, *more, **named)
        if before < 0:
            return None  # said once that it was cut
        kept = whole["content"]["text"][:before] if whole["msg_type"] == "stream" else ""
        cut = {"name": "stdout", "text": kept + _CUT}
        return send(self, stream, "stream", cut, cause, ident)

    session_class.send = limited


def _request(parent: Any) -> object:
    header = (parent or {}).get("header", parent) or {}
    return header.get("msg_id")


def _size(content: Any) -> int:
    if "text" in content:
        return len(content["text"])
    shown = (content.get("data") or {}).values()
    return sum(len(part) if isinstance(part, (str, bytes)) else len(repr(part)) for part in shown)


def main() -> None:
    """Start the kernel."""
    sys.path[0] = ""  # the working folder, as for any kernel, instead of the guests
    from ipykernel import kernelapp  # noqa: PLC0415 - after the path is right
    from jupyter_client.session import Session  # noqa: PLC0415

    limit_output(Session, int(os.environ["USTAZ_OUTPUT_BYTES"]))
    kernelapp.launch_new_instance()


if __name__ == "__main__":
    main()
