"""What an editor should show each token of a program as, read from the tree-sitter tree."""
WORDS = {"data", "block", "network", "train", "import", "let", "repeat", "return", "except", "on", "if", "else", "from", "every", "at", "by"}
OPERATORS = {"of", "div", "mod", "and", "or", "not"}
UNITS = {"epoch", "epochs", "step", "steps"}
KINDS = {"comment": "comment", "string": "string", "integer": "number", "decimal": "number", "percent": "number", "pattern": "selector",
         "boolean": "boolean"}


def tokens(root):
    """The tokens of a tree, each as its node and its role."""
    found = []

    def visit(cursor):
        node, field = cursor.node, cursor.field_name
        if node.type in KINDS:
            found.append((node, KINDS[node.type]))
        elif node.type == "name":
            found.append((node, name_role(node, field)))
        elif cursor.goto_first_child():
            while True:
                visit(cursor)
                if not cursor.goto_next_sibling():
                    break
            cursor.goto_parent()
        elif node.type in WORDS:
            found.append((node, "keyword"))
        elif node.type in OPERATORS:
            found.append((node, "operator"))
        elif node.type in UNITS:
            found.append((node, "unit"))

    visit(root.walk())
    return found


def name_role(node, field):
    parent = node.parent
    if field == "label" or field == "name" and parent.type in ("argument", "setting", "parameter"):
        return "property"
    if node.next_sibling is not None and node.next_sibling.type == "(" and parent.type in ("call", "stage", "clause"):
        return "call"
    if field == "name" and parent.type in ("data", "network", "block") or field in ("network", "data") and parent.type == "train":
        return "declared"
    return "name"
