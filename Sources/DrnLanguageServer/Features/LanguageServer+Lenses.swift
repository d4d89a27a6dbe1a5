import DrnAnalysis
import DrnIR
import DrnJSON
import DrnMethods
import DrnProgram
import DrnSema
import DrnSource
import DrnSyntax

extension LanguageServer {
  /// Prints the phases of a training.
  static let scheduleCommand = "drnc.schedule"

  /// What the schedule of every `train` costs, above it.
  mutating func codeLenses(_ parameters: JSON) throws(ResponseError) -> JSON {
    let snapshot = try snapshot(parameters)
    return .array(
      zip(snapshot.result.programs, snapshot.costs).enumerated().compactMap { index, pair in
        guard let cost = pair.1, pair.0.training.span.file == snapshot.root else { return nil }
        let span = Span(file: snapshot.root, start: pair.0.training.span.start, end: pair.0.training.span.start)
        return [
          "range": snapshot.range(span).json,
          "command": [
            "title": .string(Self.title(pair.0, cost)), "command": .string(Self.scheduleCommand),
            "arguments": [.string(snapshot.document.uri), .integer(index)],
          ],
        ]
      })
  }

  private static func title(_ program: CheckedProgram, _ cost: CostReport) -> String {
    func share(_ quantity: Requirement.Quantity, _ aggregate: Requirement.Aggregate) -> String {
      percent(cost.value(quantity, aggregate) / max(1, cost.denseValue(quantity, aggregate)))
    }
    let phases = program.phases.count == 1 ? "1 phase" : "\(program.phases.count) phases"
    let deployed = cost.phases.last?.deployedParameters ?? 0
    return "\(phases); trains \(share(.trainableParameters, .average)) of \(cost.dense.trainableParameters.grouped) parameters on average; "
      + "deploys \(deployed.grouped) (\(share(.deployedParameters, .final)))"
  }

  /// The command of a lens: the table of phases, as the result and as a message.
  mutating func execute(_ parameters: JSON) throws(ResponseError) -> JSON {
    let command = try parameters.requiredText("command")
    guard command == Self.scheduleCommand else { throw ResponseError(.invalidParams, "there is no command `\(command)`") }
    let arguments = parameters["arguments"]?.items ?? []
    guard let uri = arguments.first?.text, let document = documents[uri] else {
      throw ResponseError(.invalidParams, "`\(command)` takes the URI of an open document and the number of a training")
    }
    let programs = analysis(document).snapshot.result.programs
    let index = arguments.dropFirst().first?.whole ?? 0
    guard programs.indices.contains(index) else { throw ResponseError(.requestFailed, "there is no training \(index) without errors") }
    let text = describeSchedule(programs[index])
    outbox.append(Reply.notification("window/showMessage", ["type": 3, "message": .string(text)]))
    return .string(text)
  }
}
