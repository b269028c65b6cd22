#!/usr/bin/env python3
"""Checks what a program can check of PDF/UA-1 (ISO 14289-1) in a file, and counts what it found.

    accessible.py FILE.pdf

veraPDF is the tool for this; it cannot be had by the package managers that scripts/test uses, so this does the part of it
that is told from the file's structure: everything drawn is tagged or marked as an artifact, pictures have words,
headings do not skip a level, tables have headers and are as wide in every row, links say where they lead, fonts are
embedded and can be read back, and the file says its title and its language. Prints one JSON object; exits with 1 where
something is wrong.
"""

import json
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter

from pypdf import PdfReader
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject

DRAWING = {b"Tj", b"TJ", b"'", b'"', b"f", b"F", b"f*", b"S", b"s", b"B", b"B*", b"b", b"b*", b"Do", b"sh", b"EI", b"INLINE IMAGE"}
HEADINGS = {f"H{level}": level for level in range(1, 7)}


class File:
    def __init__(self, path):
        self.reader = PdfReader(path)
        self.catalog = self.reader.trailer["/Root"]
        self.wrong = []
        self.found = Counter()
        self.levels = []
        tree = self.catalog.get("/StructTreeRoot", DictionaryObject())
        self.roles = tree.get("/RoleMap", DictionaryObject())
        self.tree = tree

    def says(self, holds, what):
        if not holds:
            self.wrong.append(what)

    def check(self):
        self.about()
        for number, page in enumerate(self.reader.pages, 1):
            self.page(number, page)
        self.elements(self.tree.get("/K"), [])
        for before, after in zip([0] + self.levels, self.levels):
            self.says(after <= before + 1, f"a heading of level {after} comes after one of level {before}")
        self.says(self.levels, "there are no headings")

    def about(self):
        catalog = self.catalog
        self.says(catalog.get("/MarkInfo", {}).get("/Marked"), "the file does not say that it is tagged")
        self.says(catalog.get("/Lang"), "the file has no language")
        self.says(catalog.get("/ViewerPreferences", {}).get("/DisplayDocTitle"), "the title is not to be shown")
        self.says(catalog.get("/Outlines", {}).get("/First"), "there are no bookmarks")
        self.says(self.tree.get("/ParentTree") is not None, "there is no tree of tags")
        data = catalog["/Metadata"].get_data().decode()
        self.says("pdfuaid" in data, "the metadata does not claim PDF/UA")
        titles = ElementTree.fromstring(data[data.index("<x:xmpmeta"):data.index("</x:xmpmeta>") + 12]).iter(
            "{http://purl.org/dc/elements/1.1/}title"
        )
        self.says(any("".join(title.itertext()).strip() for title in titles), "the metadata has no title")

    def page(self, number, page):
        self.found["pages"] += 1
        for name, font in page["/Resources"].get("/Font", {}).items():
            self.font(f"page {number}, font {name}", font.get_object())
        contents = page.get_contents()
        if contents is not None:
            self.contents(number, ContentStream(contents, self.reader))
        for link in page.get("/Annots", ArrayObject()):
            link = link.get_object()
            self.found["links"] += 1
            self.says(link.get("/Contents"), f"page {number}: a link has no words")
            self.says("/StructParent" in link, f"page {number}: a link is in no tag")
        if page.get("/Annots"):
            self.says(page.get("/Tabs") == "/S", f"page {number}: one does not tab through it in the order of reading")

    def font(self, where, font):
        self.says("/ToUnicode" in font, f"{where}: cannot be read back as text")
        for descendant in font.get("/DescendantFonts", [font]):
            described = descendant.get_object().get("/FontDescriptor", {})
            embedded = any(f"/FontFile{kind}" in described for kind in ("", "2", "3"))
            self.says(embedded, f"{where}: is not embedded")

    def contents(self, number, stream):
        """Everything that is drawn is inside a mark that names a tag or an artifact."""
        marks, loose = [], 0
        for operands, operator in stream.operations:
            if operator in (b"BMC", b"BDC"):
                properties = operands[1] if operator == b"BDC" and isinstance(operands[1], DictionaryObject) else {}
                marks.append(operands[0] == "/Artifact" or "/MCID" in properties)
            elif operator == b"EMC":
                marks.pop()
            elif operator in DRAWING and not any(marks):
                loose += 1
        self.says(loose == 0, f"page {number}: {loose} things are drawn outside of all tags")
        self.says(not marks, f"page {number}: a mark is not closed")

    def elements(self, kids, above):
        """Walks the tags in the order in which they are read."""
        for kid in kids if isinstance(kids, ArrayObject) else [kids]:
            kid = kid.get_object() if kid is not None else None
            if not isinstance(kid, DictionaryObject) or "/S" not in kid:
                continue
            role = kid["/S"]
            role = str(self.roles.get(role, role)).lstrip("/")
            self.found[role] += 1
            self.element(role, kid, above)
            self.elements(kid.get("/K"), above + [role])

    def element(self, role, tag, above):
        if role in HEADINGS:
            self.levels.append(HEADINGS[role])
        elif role == "Figure":
            self.says(tag.get("/Alt"), "a picture has no words")
        elif role == "Table":
            self.table(tag)
        elif role == "TR":
            self.says("Table" in above, "a row is in no table")
        elif role in ("TD", "TH"):
            self.says(above[-1:] == ["TR"], f"a {role} is in no row")
        elif role == "LI":
            self.says(above[-1:] == ["L"], "an item is in no list")

    def table(self, tag):
        rows = self.within(tag, "TR")
        cells = [[self.role(cell) for cell in self.kids(row)] for row in rows]
        self.says(rows and all(role == "TH" for role in cells[0]), "a table has no header row")
        self.says(all(row[:1] == ["TH"] for row in cells[1:]), "a row has no header")
        self.says(len({len(row) for row in cells}) == 1, "the rows of a table differ in width")

    def role(self, tag):
        return str(self.roles.get(tag["/S"], tag["/S"])).lstrip("/")

    def kids(self, tag):
        kids = tag.get("/K", ArrayObject())
        kids = kids if isinstance(kids, ArrayObject) else [kids]
        kids = [kid.get_object() for kid in kids]
        return [kid for kid in kids if isinstance(kid, DictionaryObject) and "/S" in kid]

    def within(self, tag, role):
        found = []
        for kid in self.kids(tag):
            found.extend([kid] if self.role(kid) == role else self.within(kid, role))
        return found


def main():
    file = File(sys.argv[1])
    file.check()
    print(json.dumps({"wrong": sorted(set(file.wrong)), "found": file.found}))
    return 1 if file.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
