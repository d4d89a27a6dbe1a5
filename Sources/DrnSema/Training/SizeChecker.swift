import DrnData
import DrnDiagnostics
import DrnMethods
import DrnNumbers
import DrnProgram
import DrnSource
import DrnSyntax
import DrnSystem

/// Holds the sizes of a network against memory and against what its layers need.
struct SizeChecker: Checking {
  let tools: Tools
  let network: Network

  /// Reports the first layer that would need more numbers at once than any memory holds, so that no size overflows later.
  func checkSizes(rows: Int) {
    for node in network.nodes {
      let shapes = node.parameters.compactMap { parameter -> WeightShape? in
        if case .matrix(let shape) = parameter.kind { shape } else { nil }
      }
      // The result, each weight, and the patches that a convolution cuts for every place of its result.
      let tensors =
        [[rows] + node.shape] + shapes.map { [$0.inputs, $0.outputs] }
        + shapes.map { [rows, $0.inputs] + ($0.convolution == nil ? [] : Array(node.shape.dropFirst())) }
      guard let tensor = tensors.first(where: { !isAddressable($0) }) else { continue }
      let count = tensor.map(String.init).joined(separator: " x ")
      report(
        .planTooLarge, "`\(node.path)` needs \(count) numbers at once, more than any memory holds", at: node.span,
        label: "in a step of \(counted(rows, "example"))", help: "lower `batch`, or make the layer smaller")
      return
    }
  }

  /// Reports a layer that normalizes over the batch and would be given one value, which has no variance.
  func checkNormalizations(batch: Int, _ accumulation: Int, _ data: DataSettings, _ batchSpan: Span?) {
    let plan = BatchPlan(
      examples: data.trainedExamples, batch: batch, accumulation: accumulation, lastBatch: data.dropsLastBatch ? .drop : .keep)
    let (isWhole, isLast) = (plan.whole.size == 1, plan.rest?.size == 1)
    guard isWhole || isLast else { return }
    let rest = plan.rest?.examples ?? 0
    let last = rest == 1 ? "the last batch of an epoch, which has 1 example" : "a last update of \(rest) examples in parts of 1"
    for node in network.nodes where !node.buffers.isEmpty {
      let values = node.shape.count == 2 ? node.shape.positions : node.shape.dropFirst().reduce(1, *)
      guard values == 1 else { continue }
      report(
        .optionRange, "`\(node.path)` normalizes over \(isWhole ? "a batch of 1" : last)",
        at: batchSpan ?? node.span, label: isWhole ? "one value has no variance" : "leaves \(counted(rest, "example")) over",
        secondary: batchSpan == nil ? [] : [Label(node.span, "normalized over the batch here")],
        help: isWhole ? "use a larger batch" : "write `last_batch: drop` in `data \(data.name)`, or use another batch")
      return
    }
  }

  /// Reports the first phase whose weights alone take more memory than this machine gives a process; at the largest of them.
  func checkWeightMemory(_ weights: [WeightPlan], _ phases: [Phase], limit: Int = MachineMemory.limit) {
    for phase in phases {
      let bytes = zip(weights, phase.forms).map { weight, span in
        let form = weight.spans[span]
        // A rank decided at run time is at least the lower bound.
        return parameterCount(form.form, weight.shape, rank: form.rank ?? form.rankBounds.lowerBound).map { Double($0) * 4 } ?? .infinity
      }
      let total = bytes.reduce(0, +)
      guard total > Double(limit), let largest = bytes.indices.max(by: { bytes[$0] < bytes[$1] }) else { continue }
      let (weight, form) = (weights[largest], weights[largest].spans[phase.forms[largest]].form)
      let node = network.nodes[weight.node]
      report(
        .planTooLarge,
        "the weights take \(gibibytes(total)) from \(phase.start.text) on, and this machine has \(gibibytes(Double(limit))) of memory",
        at: node.span,
        label: "\(weight.shape.inputs) x \(weight.shape.outputs) as `\(type(of: form).spec.name)` takes \(gibibytes(bytes[largest]))",
        help: "make the layer smaller, or give it a form with a rank")
      return
    }
  }

  /// Whether so many numbers of four bytes take at most 2^46 bytes, half of what a process addresses with 48-bit addresses.
  private func isAddressable(_ extents: [Int]) -> Bool { elementCount(extents).map { $0 <= 1 << 44 } ?? false }
}
