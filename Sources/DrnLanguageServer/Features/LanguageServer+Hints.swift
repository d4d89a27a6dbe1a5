import DrnAnalysis
import DrnIR
import DrnJSON
import DrnMethods
import DrnProgram
import DrnSema
import DrnSource
import DrnSyntax

extension LanguageServer {
  /// The shape behind every layer, and at every change of form how many parameters are trained before and after.
  mutating func inlayHints(_ parameters: JSON) throws(ResponseError) -> JSON {
    let range = try parameters.requiredRange()
    let snapshot = try snapshot(parameters)
    let wanted = snapshot.offset(range.start)...max(snapshot.offset(range.start), snapshot.offset(range.end))
    let hints = InlayHints(snapshot: snapshot, wanted: wanted)
    return .array((hints.shapes() + hints.phases()).sorted { $0.offset < $1.offset }.map { $0.json(snapshot) })
  }
}

/// Texts an editor shows between those of the author.
struct InlayHints {
  struct Hint {
    let offset: Int
    let text: String
    let tooltip: String?
    func json(_ snapshot: Snapshot) -> JSON {
      .make([
        "position": snapshot.document.lines.position(at: offset).json, "label": .string(text), "paddingLeft": true,
        "tooltip": tooltip.map { .string($0) },
      ])
    }
  }
  let snapshot: Snapshot
  let wanted: ClosedRange<Int>

  private func isWanted(_ span: Span) -> Bool { span.file == snapshot.root && wanted.contains(span.end) }

  /// A stage unfolded to several shapes shows each once.
  func shapes() -> [Hint] {
    var found: [Span: [[Int]]] = [:]
    for network in snapshot.result.facts.networks {
      for node in network.nodes where isWanted(node.span) {
        if found[node.span]?.contains(node.shape) != true { found[node.span, default: []].append(node.shape) }
      }
    }
    return found.keys.sorted { ($0.end, $0.start) < ($1.end, $1.start) }.map { span in
      let shapes = found[span] ?? []
      let text = shapes.prefix(3).map(shapeText).joined(separator: " or ") + (shapes.count > 3 ? " ..." : "")
      return Hint(offset: span.end, text: text, tooltip: shapes.count > 1 ? "one for each place the block is used" : nil)
    }
  }

  func phases() -> [Hint] {
    zip(snapshot.result.programs, snapshot.costs).flatMap { program, cost in cost.map { phases(program, $0) } ?? [] }
  }

  private func phases(_ program: CheckedProgram, _ cost: CostReport) -> [Hint] {
    var seen: Set<Span> = []
    var hints: [Hint] = []
    for span in program.weights.flatMap(\.spans) where isWanted(span.span) && span.span != program.training.span {
      guard seen.insert(span.span).inserted, let phase = program.phases.firstIndex(where: { $0.start == span.start }) else { continue }
      let after = cost.phases[phase].trainableParameters
      let before = phase > 0 ? "\(cost.phases[phase - 1].trainableParameters.grouped) -> " : ""
      let share = Double(after) / Double(max(1, cost.dense.trainableParameters))
      let tooltip = "parameters trained in \(program.network.name): \(percent(share)) of the dense network"
      hints.append(Hint(offset: span.span.end, text: "\(before)\(after.grouped) parameters", tooltip: tooltip))
    }
    return hints
  }
}

/// A share as a percentage with one digit.
func percent(_ share: Double) -> String {
  guard share.isFinite, abs(share) < 1e6 else { return "?" }
  let tenths = Int((share * 1000).rounded())
  return "\(tenths / 10).\(abs(tenths) % 10) %"
}
