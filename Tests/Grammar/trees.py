"""Trees of the three parsers in one shape: (kind, start, end, children), where offsets count bytes."""
import ctypes

from tree_sitter import Language

# Inner structure that the hand-written parser keeps as one text.
LEAVES = {"selector", "pattern", "string", "boolean"}


def from_json(node):
    """What `drnc parse --json` prints; `role` is kept to be compared with the field names of tree-sitter."""
    return (node["kind"], node["start"], node["end"], node.get("role"), [from_json(child) for child in node.get("children", [])])


def without_roles(tree):
    kind, start, end, _, children = tree
    return (kind, start, end, [without_roles(child) for child in children])


def from_sitter(tree):
    """The named nodes of tree-sitter, and the anonymous ones that are operators."""
    return sitter_node(tree.walk())


def sitter_node(cursor):
    node = cursor.node
    children = []
    if node.type not in LEAVES and cursor.goto_first_child():
        while True:
            if cursor.node.is_named and not cursor.node.is_extra or cursor.field_name == "operator":
                children.append(sitter_node_with_role(cursor))
            if not cursor.goto_next_sibling():
                break
        cursor.goto_parent()
    return (node.type, node.start_byte, node.end_byte, None, children)


def sitter_node_with_role(cursor):
    role = cursor.field_name
    kind, start, end, _, children = sitter_node(cursor)
    return ("operator" if role == "operator" else kind, start, end, role, children)


class LarkTrees:
    """From the derivation in the rules of the EBNF to the tree; the layers of the operators fold to the left."""

    def convert(self, tree):
        return [self.node(child.children[0]) for child in tree.children]

    def node(self, part):
        """A rule by its method of the same name, a token by its name."""
        if hasattr(part, "data"):
            return getattr(self, str(part.data))(part.children)
        return self.token(part)

    @staticmethod
    def token(token, kind=None):
        kinds = {"TRUE_WORD": "boolean", "FALSE_WORD": "boolean"}
        return (kind or kinds.get(token.type, token.type.lower()), token.start_pos, token.end_pos, [])

    def span(self, parts):
        """The first and last offset of some parts of a derivation."""
        first, last = parts[0], parts[-1]
        while hasattr(first, "data"):
            first = first.children[0]
        while hasattr(last, "data"):
            last = last.children[-1]
        return first.start_pos, last.end_pos

    def build(self, kind, parts, children):
        return (kind, *self.span(parts), children)

    def named(self, parts, *rules):
        """The nodes of the parts made by some rules."""
        return [self.node(part) for part in parts if hasattr(part, "data") and part.data in rules]

    def names(self, parts):
        return [self.token(part) for part in parts if not hasattr(part, "data") and part.type == "NAME"]

    def word(self, part):
        """A name, or a keyword in the place of one."""
        while hasattr(part, "data"):
            part = part.children[0]
        return self.token(part, "name")

    # Declarations

    def __getattr__(self, name):
        if name == "import":
            return lambda parts: self.build("import", parts, [self.token(parts[1])])
        raise AttributeError(name)

    def data(self, parts):
        return self.build("data", parts, self.names(parts) + self.named(parts, "entry"))

    def train(self, parts):
        return self.build("train", parts, self.names(parts) + self.named(parts, "entry"))

    def block(self, parts):
        return self.build("block", parts, self.names(parts) + self.inside(parts, "parameters") + self.named(parts, "type", "statement"))

    def network(self, parts):
        children = self.names(parts) + self.inside(parts, "parameters") + self.named(parts, "type", "statement")
        return self.build("network", parts, children)

    def inside(self, parts, rule):
        """The nodes inside of an enclosing rule that has no node of its own."""
        for part in parts:
            if hasattr(part, "data") and part.data == rule:
                return [self.node(child) for child in part.children if hasattr(child, "data")]
        return []

    def parameter(self, parts):
        return self.build("parameter", parts, self.names(parts) + self.named(parts, "type", "value"))

    def type(self, parts):
        name = self.token(parts[0])
        return name if len(parts) == 1 else self.build("index", parts, [name] + self.inside(parts, "indices"))

    # Entries

    def entry(self, parts):
        return self.node(parts[0])

    def setting(self, parts):
        return self.build("setting", parts, [self.word(parts[0])] + self.named(parts, "value", "transition"))

    def timed(self, parts):
        kind = "lasting" if hasattr(parts[0], "data") else str(parts[0])
        return self.build(kind, parts, self.named(parts, "time", "length", "value", "transition"))

    def time(self, parts):
        return self.node(parts[0])

    def length(self, parts):
        return self.build("duration", parts, [self.token(parts[0])])

    def transition(self, parts):
        name = self.token(parts[1])
        return name if len(parts) == 2 else self.build("call", parts[1:], [name] + self.inside(parts, "arguments"))

    def clause(self, parts):
        selectors = [node for part in parts if hasattr(part, "data") and part.data == "selectors" for node in self.selectors(part.children)]
        return self.build(
            "clause", parts, self.names(parts) + self.inside(parts, "arguments") + selectors + self.named(parts, "entry"))

    def selectors(self, parts):
        return self.named(parts, "selector")

    def selector(self, parts):
        return self.build("selector", parts, [])

    # Statements

    def statement(self, parts):
        children = self.names(parts) + self.named(parts, "expression")
        return self.build("binding" if str(parts[0]) == "let" else "result", parts, children)

    # Values and pipelines

    def value(self, parts):
        return self.node(parts[0])

    def expression(self, parts):
        first = self.node(parts[0])
        return first if len(parts) == 1 else self.build("pipeline", parts, [first] + self.stages(parts[2].children))

    def stages(self, parts):
        return self.named(parts, "stage")

    def stage(self, parts):
        label = self.names(parts)
        operation = parts[-1].children
        return self.operation(operation, label, parts)

    def operation(self, parts, label, whole):
        first = parts[0]
        if not hasattr(first, "data"):
            if first.type == "REPEAT_WORD":
                return self.build("repetition", whole, label + [self.node(parts[2])] + self.group(parts[4].children))
            return self.build("stage", whole, label + [self.token(first)])
        if first.data == "group":
            return self.build("group", whole, label + self.group(first.children))
        if first.data == "choice":
            return self.build("conditional_stage", whole, label + self.choice(first.children))
        return self.build("stage", whole, label + [self.word(first)] + self.inside(parts, "arguments"))

    def group(self, parts):
        return self.stages(parts[1].children)

    def choice(self, parts):
        children = [self.node(parts[1])] + self.group(parts[2].children)
        if len(parts) > 3:
            other = parts[4]
            children += self.group(other.children) if other.data == "group" else [
                self.build("conditional_stage", other.children, self.choice(other.children))]
        return children

    # Operators

    def fold(self, parts):
        left = self.node(parts[0])
        for index in range(1, len(parts), 2):
            right = self.node(parts[index + 1])
            left = ("binary", left[1], right[2], [left, self.token(parts[index], "operator"), right])
        return left

    disjunction = conjunction = comparison = portion = sum = product = fold

    def prefix(self, parts):
        if len(parts) == 1:
            return self.node(parts[0])
        return self.build("unary", parts, [self.token(parts[0], "operator"), self.node(parts[1])])

    negation = sign = prefix

    # Operands

    def operand(self, parts):
        if len(parts) == 1:
            return self.node(parts[0])
        return self.build("duration", parts, [self.node(parts[0])])

    def literal(self, parts):
        return self.operand(parts)

    def moment(self, parts):
        return self.build("moment", parts, [self.token(parts[1])])

    def chain(self, parts):
        """A name or call, then indices and members, each around what stands before it."""
        value, place = self.word(parts[0]), 1
        while place < len(parts):
            part = parts[place]
            if not hasattr(part, "data"):
                name = self.token(parts[place + 1])
                value = ("member", value[1], name[2], [value, name])
                place += 2
                continue
            kind = "call" if part.data == "arguments" else "index"
            value = (kind, value[1], self.span([part])[1], [value] + self.inside([part], str(part.data)))
            place += 1
        return value

    postfix = named_chain = chain

    def argument(self, parts):
        name = [self.word(parts[0])] if len(parts) > 1 else []
        return self.build("argument", parts, name + [self.node(parts[-1])])

    field = argument

    def parenthesized(self, parts):
        return self.build("parenthesized", parts, [self.node(parts[1])])

    def record(self, parts):
        return self.build("record", parts, self.named(parts, "field"))

    def list(self, parts):
        return self.build("list", parts, self.named(parts, "value", "juxtaposed"))

    def juxtaposed(self, parts):
        first = parts[0]
        if hasattr(first, "data") and first.data == "named":
            return self.chain(first.children)
        return self.operand(parts)

    def conditional(self, parts):
        return self.build("conditional", parts, [self.node(parts[1])] + self.branch(parts[2].children) + self.alternative(parts[4]))

    def alternative(self, part):
        return self.branch(part.children) if part.data == "branch" else [self.node(part)]

    def branch(self, parts):
        return [self.node(part) for part in parts[1:-1]]


def sitter_language(library):
    """The compiled tree-sitter grammar."""
    pointer = ctypes.CDLL(str(library))["tree_sitter_drn"]
    pointer.restype = ctypes.c_void_p
    capsule = ctypes.pythonapi.PyCapsule_New
    capsule.restype, capsule.argtypes = ctypes.py_object, (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)
    return Language(capsule(pointer(), b"tree_sitter.Language", None))
