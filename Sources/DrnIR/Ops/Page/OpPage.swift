/// The op reference, `docs/contributing/ops.md`: one entry per op, written from its specification.
public func opPage() -> String {
  let introduction = """
    # Ops

    Every operation of the IR, as its specification in `Sources/DrnIR/Ops` declares it. This page is generated; a test holds it against
    the specifications and names the command that writes it again.

    Operands are `f32` where nothing else is said. Extents may depend on rank symbols; they are compared by their form, so that `r0 + 4`
    equals `r0 + 4` and nothing else.

    Gradients are taken once: of the loss, by the trained tensors. What is marked `none` never stands between the two in a program that the
    checker accepts: layers and losses are made of the other ops, and no update, form or event takes the gradient of a gradient. Class
    weights are constants of the source, so `softmax_cross_entropy` has a gradient by its logits only.
    """
  return ([introduction] + Opcode.allCases.map { $0.spec.entry }).joined(separator: "\n\n") + "\n"
}

extension OpSpec {
  /// The op's entry in the op reference.
  public var entry: String {
    var lines = ["## `\(opcode.mnemonic)`", "", summary, "", "- Operands: \(arity.text)"]
    for attribute in attributes {
      let kind = attribute.kind.kindName + (attribute.required ? "" : ", optional")
      lines.append("- `\(attribute.name)` (\(kind)): \(attribute.summary)")
    }
    if opcode.isElementwise || opcode == .map { lines.append("- Elementwise: can be fused") }
    if domain != .everywhere { lines.append("- Smooth: where operands are \(domain.rawValue)") }
    lines.append("- Gradient: \(gradient.text)")
    return lines.joined(separator: "\n")
  }
}

extension OpSpec.Gradient {
  fileprivate var text: String {
    switch self {
    case .rule: "yes"
    case .zero: "zero"
    case .undefined(let reason): "none; \(reason)"
    }
  }
}
