import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

/// What the clauses of one `train` declaration are checked against.
struct TrainContext {
  let item: TrainItem
  /// `nil` when the network has an error, which silences whatever depends on it.
  let network: Network?
  let data: CheckedData?
  let sites: [WeightSite]
  let layers: LayerIndex?
  let time: TimeScale
  /// The policy of `state:`, and where it is stated.
  let state: (policy: StatePolicy, span: Span)?
  let rewarm: Duration?
  /// The optimizers in order of time.
  let updates: [TimedValue<any Update>]

  /// What reads selectors of its layers.
  func selectors(_ tools: Tools) -> SelectorReader { SelectorReader(tools: tools, network: network, index: layers) }

  /// The optimizer at a moment.
  func update(at moment: Moment) -> (any Update)? {
    updates.last { time.order($0.start, moment).map { $0 <= 0 } ?? true }?.value ?? updates.first?.value
  }
}

/// A setting from a moment on.
struct TimedValue<Value> {
  let start: Moment
  let value: Value
  let span: Span
}

extension Network {
  /// Every matrix of the network, in order; `initial` is for those whose layer asks for none of its own.
  func weightSites(initial: Initializer?) -> [WeightSite] {
    nodes.enumerated().flatMap { index, node in
      node.parameters.compactMap { parameter in
        guard case .matrix(let shape) = parameter.kind else { return nil }
        return WeightSite(
          name: "\(node.savedName).\(parameter.name)", path: node.path, node: index, tensor: parameter.name, shape: shape,
          initializer: parameter.isDefault ? initial ?? parameter.initializer : parameter.initializer,
          takesInitial: parameter.isDefault, takesPrecision: shape.convolution == nil && !type(of: node.layer).takesTokens)
      }
    }
  }

  /// Why no layer has running statistics to compute anew; empty text where there are none at all, `nil` where there are.
  var obstacleToRecalibration: String? {
    let statistics = nodes.map { ($0, $0.buffers) }.filter { !$0.1.isEmpty }
    guard let first = statistics.first else { return "" }
    return statistics.contains { $0.1.contains { $0.momentum > 0 } }
      ? nil : ": `\(first.0.path)` has `momentum: 0` and keeps its first ones"
  }
}
