"""The types that views share."""

from __future__ import annotations

from werkzeug.wrappers import Response

# What a view returns: the text of a page, the text with its status, or a whole answer such as a redirect.
Page = str | tuple[str, int] | Response
