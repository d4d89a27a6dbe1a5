import DrnDiagnostics
import DrnIR
import DrnMethods
import DrnPasses
import DrnSema

/// Forms whose factors a machine is predicted to train more slowly than the dense weight: one diagnostic for each entry of the schedule.
///
/// A layer costs three products for each of its matrices, forward and for the two gradients, and the start of each. Forms with frozen
/// matrices are not compared: they save memory, not time.
public func checkSpeed(_ program: CheckedProgram, _ machine: MachineModel) -> [Diagnostic] {
  var entries: [SlowEntry] = []
  for weight in program.weights {
    for span in weight.spans {
      guard let slow = slowdown(weight, span, program, machine) else { continue }
      if let index = entries.firstIndex(where: { $0.span.span == span.span }) {
        entries[index].paths.append(weight.path)
      } else {
        entries.append(slow)
      }
    }
  }
  return entries.map(\.diagnostic)
}

/// One entry of a schedule, with the weights for which it is slower than dense.
private struct SlowEntry {
  let span: FormSpan
  var paths: [String]
  let rank: Int
  let factored: Double
  let dense: Double

  var diagnostic: Diagnostic {
    let others = paths.count == 1 ? "" : " and \(paths.count - 1) other\(paths.count == 2 ? "" : "s")"
    return Diagnostic(
      .slowerThanDense, "`\(paths[0])`\(others) at rank \(rank) is predicted slower than dense on this machine", at: span.span,
      label: "\(milliseconds(factored)) ms a step against \(milliseconds(dense)) ms",
      notes: ["fewer operations in more and thinner products can take longer"], help: "lower the rank, or keep small layers dense")
  }

  private func milliseconds(_ seconds: Double) -> String { CostReport.decimal(seconds * 1e3, 3) }
}

private func slowdown(_ weight: WeightPlan, _ span: FormSpan, _ program: CheckedProgram, _ machine: MachineModel) -> SlowEntry? {
  guard let rank = span.rank, rank > 0 else { return nil }
  let parameters = span.form.parameters(weight.shape, rank: Dimension(rank))
  guard parameters.count > 1, parameters.allSatisfy({ $0.isTrainable && $0.shape.count == 2 }) else { return nil }
  // An image has one row of patches for every place of the result.
  let places = program.network.nodes[weight.node].shape.dropFirst().reduce(1) { $0 &* $1 }
  let rows = program.training.batch &* (weight.shape.convolution == nil ? 1 : places)
  let factored = parameters.reduce(0) { $0 + time($1.shape.map(\.constant), rows, machine) }
  let dense = time([weight.shape.inputs, weight.shape.outputs], rows, machine)
  return factored > dense ? SlowEntry(span: span, paths: [weight.path], rank: rank, factored: factored, dense: dense) : nil
}

/// The products with one matrix in a training step, in seconds.
private func time(_ extents: [Int], _ rows: Int, _ machine: MachineModel) -> Double {
  3 * (machine.start * 1e-9 + machine.costs.time(rows: rows, inner: extents[0], columns: extents[1]))
}
