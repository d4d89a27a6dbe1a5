import DrnJSON
import DrnMethods
import DrnProgram
import DrnSema
import DrnSource
import DrnSyntax

extension LanguageServer {
  /// The options of the call around the cursor, the one at the cursor marked.
  mutating func signatureHelp(_ parameters: JSON) throws(ResponseError) -> JSON {
    let position = try parameters.requiredPosition()
    let snapshot = try snapshot(parameters)
    guard let tree = snapshot.tree else { return .null }
    let declarations = DeclaredNames(snapshot.result.facts.trees)
    let reader = CursorReader(tree, bytes: snapshot.document.bytes, offset: snapshot.offset(position))
    guard let call = reader.context(declarations).call else { return .null }
    if let spec = call.spec { return signature(spec, call) }
    return declarations.blocks[call.callee].map { signature($0, call, snapshot) } ?? .null
  }

  private func signature(_ spec: MethodSpec, _ call: CursorContext.ArgumentPlace) -> JSON {
    let named = call.upcoming.flatMap { spec.option(named: $0, unnamed: 0) }
    let active = (named ?? call.option).flatMap { option in spec.options.firstIndex { $0.name == option.name } }
    let labels = spec.options.map { (label: $0.parameterText, text: $0.explanation) }
    return signature(spec.name, labels, spec.summary, active)
  }

  private func signature(_ block: BlockItem, _ call: CursorContext.ArgumentPlace, _ snapshot: Snapshot) -> JSON {
    let labels = block.parameters.map { parameter in
      let value = parameter.defaultValue.map { " = \(snapshot.sources.text($0.span))" } ?? ""
      return (label: "\(parameter.name.text): \(snapshot.sources.text(parameter.type.span))\(value)", text: "")
    }
    let place = call.unnamed + (call.isPiped ? 1 : 0)
    let active = call.name.map { name in block.parameters.firstIndex { $0.name.text == name } } ?? place
    return signature(block.name.text, labels, "", active)
  }

  private func signature(_ name: String, _ labels: [(label: String, text: String)], _ summary: String, _ active: Int?) -> JSON {
    let parameters = labels.map { label, text in
      JSON.make(["label": .string(label), "documentation": text.isEmpty ? nil : client.markup(text, in: .signature)])
    }
    let signature = JSON.make([
      "label": .string("\(name)(" + labels.map(\.label).joined(separator: ", ") + ")"),
      "documentation": summary.isEmpty ? nil : client.markup(summary, in: .signature), "parameters": .array(parameters),
    ])
    // A place beyond the last parameter marks none.
    return ["signatures": [signature], "activeSignature": 0, "activeParameter": .integer(active ?? labels.count)]
  }
}
