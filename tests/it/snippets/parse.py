"""Parses the files it is given by the tree-sitter grammar of their language, and names every error node."""

import sys

import tree_sitter
import tree_sitter_c_sharp
import tree_sitter_powershell

LANGUAGES = {"cs": tree_sitter_c_sharp, "ps1": tree_sitter_powershell}


def wrong(node):
    if node.type == "ERROR" or node.is_missing:
        yield node
    for child in node.children:
        yield from wrong(child)


bad = 0
for path in sys.argv[1:]:
    language = tree_sitter.Language(LANGUAGES[path.rsplit(".", 1)[1]].language())
    with open(path, "rb") as file:
        source = file.read()
    for node in wrong(tree_sitter.Parser(language).parse(source).root_node):
        bad += 1
        line = source.splitlines()[node.start_point[0]].decode(errors="replace")
        print(f"{path}:{node.start_point[0] + 1}: {node.type}: {line.strip()[:200]}")
sys.exit(1 if bad else 0)
