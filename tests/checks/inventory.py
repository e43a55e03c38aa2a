#!/usr/bin/env python3
"""Do Sphinx and sphobjinv read what builds write, and does unstick read what they write?

    inventory.py UNSTICK SITE...

UNSTICK is the program, a SITE a built folder. Its `objects.inv` must give Sphinx, sphobjinv and `unstick inventory show`
the same objects with the same addresses; every entry of `unstick.json` must be among them, and every address must lead to
a file and an id of the site. A Sphinx project then links to it by intersphinx. The other way round, the inventory of that
project and others, of version 1 and 2, are added to a site and must be read as Sphinx and sphobjinv read them.

Prints what is compared. Exit status: 0 nothing differs, 1 something differs.
"""

import html
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote, unquote

import sphobjinv
from sphinx.util.inventory import InventoryFile

BASE = "https://example.com/kb/"


def encoded(uri):
    """The address as it stands in a page."""
    return quote(uri, safe="!#$%&'()*+,/:;=?@[]~")


def by_sphinx(data):
    """Objects as Sphinx reads them: kind and name to address and title."""
    return {
        (kind, name): (encoded(item.uri), name if item.display_name == "-" else item.display_name)
        for kind, items in InventoryFile.loads(data, uri=BASE).data.items()
        for name, item in items.items()
    }


def by_sphobjinv(data):
    """Objects as sphobjinv reads them."""
    return {
        (f"{o.domain}:{o.role}", o.name): (encoded(BASE + o.uri_expanded), o.dispname_expanded)
        # Left to guess, it may take compressed bytes for text.
        for o in sphobjinv.Inventory(zlib=data).objects
    }


def by_unstick(unstick, root, data):
    """Objects as unstick reads them, once the inventory is added to the site in `root`."""
    file = root / "download"
    file.write_bytes(data)
    run = lambda *args: subprocess.run([unstick, "inventory", *args, "--root", root], check=True, capture_output=True)
    run("add", "other", file, "--url", BASE)
    shown = json.loads(run("show", "other", "--format", "json").stdout)
    return {(o["kind"], o["name"]): (o["url"], o["title"]) for o in shown}


def differences(readings):
    """What two readings of one inventory do not agree on. A reading is a name and objects."""
    (first, left), (second, right) = readings
    for key in sorted(left.keys() | right.keys()):
        if left.get(key) != right.get(key):
            yield f"{key}: {first} reads {left.get(key)}, {second} reads {right.get(key)}"


def pages(site, objects):
    """Addresses that lead to no file or to no id."""
    ids = {}
    for (kind, name), (uri, _) in objects.items():
        path, _, fragment = unquote(uri.removeprefix(BASE)).partition("#")
        if path not in ids:
            file = site / path
            text = file.read_text(encoding="utf-8") if file.is_file() else None
            ids[path] = None if text is None else set(map(html.unescape, re.findall(r'\sid="([^"]*)"', text)))
        if ids[path] is None or fragment and fragment not in ids[path]:
            yield f"{kind} {name}: {uri} leads nowhere"


def entries(site, objects):
    """Entries of unstick.json that are no objects."""
    wanted = {
        BASE + entry["url"]
        for page in json.loads((site / "unstick.json").read_text(encoding="utf-8"))["pages"]
        for entry in page["entries"]
    }
    there = {uri for (kind, _), (uri, _) in objects.items() if kind == "kb:question"}
    yield from (f"{uri} is in one of unstick.json and objects.inv only" for uri in sorted(wanted ^ there))


def project(folder, inventory, objects):
    """Builds a Sphinx project that links to documents and labels of the inventory; what does not arrive."""
    roles = {"std:doc": "doc", "std:label": "ref"}
    wanted = []
    for kind, role in roles.items():
        names = sorted(name for (other, name) in objects if other == kind)
        wanted += [(f":external+kb:{role}:`{name}`", objects[kind, name]) for name in names[:20] + names[-20:]]
    (folder / "conf.py").write_text(
        f"project, version, release = 'Other', '1.0', '1.0.0'\nextensions = ['sphinx.ext.intersphinx']\n"
        f"intersphinx_mapping = {{'kb': ({BASE!r}, {str(inventory)!r})}}\n"
    )
    links = "\n\n".join(role for role, _ in wanted)
    (folder / "index.rst").write_text(
        f"Other\n=====\n\n.. _Two Words:\n\nA part\n------\n\n.. py:module:: other.mod\n\n.. py:function:: run(x)\n\n"
        f".. option:: --dry-run\n\n.. glossary::\n\n   in tray 3 is\n      A term with a number.\n\n{links}\n"
    )
    subprocess.run([sys.executable, "-m", "sphinx", "-q", "-W", "-b", "html", folder, folder / "out"], check=True)
    page = (folder / "out/index.html").read_text(encoding="utf-8")
    there = set(map(html.unescape, re.findall(r'class="reference external" href="([^"]*)"', page)))
    return [f"{role} does not link to {uri}" for role, (uri, _) in wanted if uri not in there], len(wanted)


def made_by_sphobjinv():
    """An inventory with every oddity that the format has."""
    inventory = sphobjinv.Inventory()
    inventory.project, inventory.version = "Odd names", "1.0"
    for name, domain, role, priority, uri, dispname in [
        ("a b  c", "std", "label", "-1", "a.html#b", "A title, with – dashes"),
        ("-x", "std", "cmdoption", "1", "options.html#cmdoption-x", "-"),
        ("list.append", "py", "method", "1", "lib.html#$", "-"),
        ("directive:option", "rst", "directive:option", "1", "d.html#$", "-"),
        ("Straße", "std", "term", "-1", "g.html#term-$", "-"),
        ("home", "std", "doc", "-1", "", "Home"),
        ("operator<()", "cpp", "function", "0", "op.html#_CPPv4", "operator<"),
    ]:
        inventory.objects.append(
            sphobjinv.DataObjStr(name=name, domain=domain, role=role, priority=priority, uri=uri, dispname=dispname)
        )
    return inventory


VERSION_1 = b"""# Sphinx inventory version 1
# Project: Old
# Version: 0.9
old mod old.html
old.Thing class old.html
old.Thing.run method old.html
"""


def main(unstick, *sites):
    """Compares everything; returns the exit status."""
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        root = folder / "site"
        (root / "content").mkdir(parents=True)
        for number, site in enumerate(map(Path, sites)):
            inventory = (site / "objects.inv").resolve()
            data = inventory.read_bytes()
            sphinx, other, own = by_sphinx(data), by_sphobjinv(data), by_unstick(unstick, root, data)
            found = [*differences([("Sphinx", sphinx), ("sphobjinv", other)])]
            found += [*differences([("Sphinx", sphinx), ("unstick", own)])]
            found += [*pages(site, sphinx), *entries(site, sphinx)]
            count = len(sphobjinv.Inventory(zlib=data).objects)
            if not len(sphinx) == count == len(own) > 1:
                found.append(f"Sphinx reads {len(sphinx)} objects, sphobjinv {count}, unstick {len(own)}")
            # A comparison that has stopped looking would find nothing.
            key = next(iter(sphinx))
            if not [*differences([("Sphinx", sphinx), ("a faulty one", sphinx | {key: (BASE, "x")})])]:
                found.append("a planted difference is not found")
            elsewhere = folder / f"project-{number}"
            elsewhere.mkdir()
            lost, linked = project(elsewhere, inventory, sphinx)
            found += lost
            kinds = sorted({kind for kind, _ in sphinx})
            print(f"{site}: {count} objects ({', '.join(kinds)}), {linked} links of a Sphinx project")
            wrong += [f"{inventory}: {one}" for one in found]
            back = (elsewhere / "out/objects.inv").read_bytes()
            wrong += differences([("Sphinx", by_sphinx(back)), ("unstick", by_unstick(unstick, root, back))])
        odd = made_by_sphobjinv()
        plain = odd.data_file()
        packed = sphobjinv.compress(plain)
        for what, data in [("packed", packed), ("plain", plain)]:
            read = by_unstick(unstick, root, data)
            wrong += differences([("sphobjinv", by_sphobjinv(packed)), (f"unstick ({what})", read)])
            wrong += differences([("Sphinx", by_sphinx(packed)), (f"unstick ({what})", read)])
        old = by_unstick(unstick, root, VERSION_1)
        wrong += differences([("Sphinx", by_sphinx(VERSION_1)), ("unstick", old)])
        print(f"read back: {len(back)} bytes of Sphinx, {odd.count} objects of sphobjinv, {len(old)} of version 1")
    print("\n".join(wrong), end="\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
