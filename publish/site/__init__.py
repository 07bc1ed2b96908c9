"""The site: static pages in Dutch that open from disk and ask nothing of the network."""

from publish.site.writing import serve_site, write_site

__all__ = ["serve_site", "write_site"]
