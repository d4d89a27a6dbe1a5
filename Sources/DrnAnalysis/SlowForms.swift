import DrnDiagnostics
import DrnIR
import DrnKernels
import DrnMethods
import DrnPasses
import DrnProgram

/// Forms whose factors a machine is predicted to train more slowly than the dense weight: one diagnostic for each entry of the schedule.
///
/// A layer costs its products of a step, forward and for the gradients, compiled alone and priced by the kernels they take. Forms with
/// frozen matrices are not compared: they save memory, not time. Throws where a layer by itself does not compile, a defect.
public func checkSpeed(_ program: CheckedProgram, _ machine: MachineModel) throws(IRError) -> [Diagnostic] {
  var prices = FormPrices(program, machine)
  var entries: [SlowEntry] = []
  for weight in program.weights {
    for span in weight.spans {
      guard let slow = try prices.slowdown(weight, span) else { continue }
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
  /// Seconds.
  let factored: Double
  let dense: Double
  /// Numbers of the factors and of the dense weight.
  let numbers: (factored: Int, dense: Int)

  var diagnostic: Diagnostic {
    let others = paths.count == 1 ? "" : " and \(paths.count - 1) other\(paths.count == 2 ? "" : "s")"
    return Diagnostic(
      .slowerThanDense, "`\(paths[0])`\(others) at rank \(rank) is predicted slower than dense on this machine", at: span.span,
      label: "\(milliseconds(factored)) ms a step against \(milliseconds(dense)) ms",
      notes: [note], help: "lower the rank, or keep small layers dense")
  }

  private var note: String {
    "its factors have \(numbers.factored) numbers and the dense weight \(numbers.dense): "
      + (numbers.factored < numbers.dense ? "fewer operations in more and thinner products can take longer" : "nothing is saved either")
  }

  private func milliseconds(_ seconds: Double) -> String { CostReport.decimal(seconds * 1e3, 3) }
}

/// Prices forms; layers of equal sizes are compiled once.
private struct FormPrices {
  private struct Key: Hashable {
    let products: LayerProducts
    let form: String
    let options: Options
    let rank: Int
  }
  let program: CheckedProgram
  let machine: MachineModel
  private var known: [Key: Double] = [:]

  init(_ program: CheckedProgram, _ machine: MachineModel) {
    self.program = program
    self.machine = machine
  }

  /// `nil` where the form is not compared, or not slower.
  mutating func slowdown(_ weight: WeightPlan, _ span: FormSpan) throws(IRError) -> SlowEntry? {
    guard let rank = span.rank, rank > 0 else { return nil }
    let parameters = span.form.parameters(weight.shape, rank: Dimension(rank))
    guard parameters.count > 1, parameters.allSatisfy(\.isTrainable) else { return nil }
    let products = LayerProducts(weight, program)
    let factored = try seconds(products, span.form, rank)
    let dense = try seconds(products, Dense(options: Options()), 0)
    guard factored > dense else { return nil }
    let numbers = parameters.reduce(0) { $0 + $1.shape.reduce(1) { $0 * $1.constant } }
    return SlowEntry(
      span: span, paths: [weight.path], rank: rank, factored: factored, dense: dense,
      numbers: (numbers, weight.shape.inputs * weight.shape.outputs))
  }

  private mutating func seconds(_ products: LayerProducts, _ form: any Parameterization, _ rank: Int) throws(IRError) -> Double {
    let key = Key(products: products, form: type(of: form).spec.name, options: form.options, rank: rank)
    if let seconds = known[key] { return seconds }
    let seconds = try products.seconds(form, rank: rank, machine)
    known[key] = seconds
    return seconds
  }
}
