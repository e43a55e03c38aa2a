#!/usr/bin/env python3
"""What a link checker does not look at: does every address of a built site hold when its folder is copied elsewhere?

    links.py SITE...

An address in an HTML file is either relative, and then names a file of the site, exactly as it is spelled; or it is a
link that leaves for the web. Scripts, styles, pictures and redirects are never fetched from elsewhere. Fragments are
left to the link checker, but for those of redirects, which it does not read.

Prints `file:line: what is wrong`. Exit status: 0 nothing wrong, 1 something wrong, 2 no site to look at.
"""

import re
import sys
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

# Schemes that a reader may follow to leave the site; nothing else may name one.
OUTWARD = {"http", "https", "mailto", "tel"}
# <link> that says something about the page and loads nothing.
STATEMENTS = {"canonical", "alternate", "author", "license", "help", "me"}
# Attributes that name something the browser loads by itself.
LOADED = {"src", "poster", "data", "background"}


class Page(HTMLParser):
    """The addresses of one page, with their lines, and its ids."""

    def __init__(self, text):
        super().__init__()
        self.links = []  # (line, address, is it only loaded when the reader asks?)
        self.redirects = []  # (line, address)
        self.ids = set()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        values = {name: value or "" for name, value in attrs}
        line = self.getpos()[0]
        self.ids.add(values.get("id"))
        for name, value in values.items():
            if name in LOADED:
                self.links.append((line, value, False))
            elif name == "srcset":
                for candidate in value.split(","):
                    self.links.append((line, (candidate.split() or [""])[0], False))
            elif name in ("href", "xlink:href"):
                rels = set(values.get("rel", "").lower().split())
                asks = tag in ("a", "area") or (tag == "link" and rels <= STATEMENTS)
                self.links.append((line, value, asks))
        if tag == "meta" and values.get("http-equiv", "").lower() == "refresh":
            target = re.match(r"\s*[\d.]*\s*[;,]?\s*(?:url\s*=\s*)?(.*)", values.get("content", ""), re.I | re.S)
            self.redirects.append((line, target[1].strip(" \t\n'\"")))


class Site:
    def __init__(self, folder):
        self.folder = folder
        self.files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
        self.pages = {
            name: Page((folder / name).read_text(encoding="utf-8"))
            for name in sorted(self.files)
            if name.endswith(".html")
        }

    def target(self, page, address):
        """The file that a relative address leads to from a page; None when it climbs out of the site."""
        path = unquote(urlsplit(address).path)
        if not path:
            return page
        parts = list(PurePosixPath(page).parent.parts)
        for part in path.split("/"):
            if part == "..":
                if not parts:
                    return None
                parts.pop()
            elif part != ".":
                parts.append(part)
        return "/".join(parts)

    def fault(self, page, address, outward):
        """What is wrong with an address that stands on a page, in words; None when nothing is."""
        if re.search(r"[\x00-\x20\\]", address):
            return "has a character that must be percent-encoded"
        try:
            parts = urlsplit(address)
        except ValueError as error:
            return f"is no address: {error}"
        if parts.scheme in OUTWARD and outward:
            return None
        if parts.scheme == "data" and not outward:
            return None
        if parts.scheme:
            return f"has the scheme {parts.scheme}:, which does not belong here"
        if address.startswith("/"):
            return "is not relative"
        target = self.target(page, address)
        if target is None:
            return "leads out of the site"
        if target not in self.files:
            return "names no file of the site"
        return None

    def faults(self):
        for name, page in self.pages.items():
            for line, address, outward in page.links:
                fault = self.fault(name, address, outward)
                if fault:
                    yield name, line, f"{address!r} {fault}"
            for line, address in page.redirects:
                fault = self.fault(name, address, False)
                fragment = unquote(urlsplit(address).fragment)
                if not fault and fragment:
                    aim = self.pages.get(self.target(name, address))
                    if aim is None or fragment not in aim.ids:
                        fault = "leads to a place that is not on that page"
                if fault:
                    yield name, line, f"redirect to {address!r} {fault}"


def main():
    folders = [Path(argument) for argument in sys.argv[1:]]
    if not folders:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    wrong = 0
    for folder in folders:
        site = Site(folder)
        if not site.pages:
            print(f"{folder}: no HTML file", file=sys.stderr)
            return 2
        for name, line, fault in site.faults():
            wrong += 1
            print(f"{folder / name}:{line}: {fault}")
        count = sum(len(page.links) + len(page.redirects) for page in site.pages.values())
        print(f"{folder}: {len(site.pages)} pages, {count} addresses")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
