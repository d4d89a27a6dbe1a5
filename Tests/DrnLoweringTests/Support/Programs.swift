import DrnMethods
import DrnNumbers
import DrnProgram
import DrnTestSupport

/// One entry of a weight's timeline in a test program: the epoch it starts at, the form and its rank.
struct Stage {
  let epoch: Int
  let form: any Parameterization
  let rank: Int?
  var bounds: ClosedRange<Int>?
  init(_ epoch: Int, _ name: String, _ rank: Int? = nil, bounds: ClosedRange<Int>? = nil, _ options: [String: OptionValue] = [:]) {
    self.epoch = epoch
    form = DrnTestSupport.form(name, rank: rank, options)
    self.rank = form.rank == nil ? nil : rank
    self.bounds = bounds
  }
  init(_ epoch: Int, form: any Parameterization) {
    self.epoch = epoch
    self.form = form
    rank = nil
  }
}

/// Builds checked programs by hand: a chain of labelled layers, and a timeline for each weight.
struct ProgramBuilder {
  var inputShape = [6]
  var layers: [(label: String, layer: any Layer)] = [
    ("fc1", layer("linear", ["outputs": .integer(5)])), ("act", layer("tanh")), ("fc2", layer("linear", ["outputs": .integer(4)])),
  ]
  var stages: [String: [Stage]] = [:]
  var update: any Update = DrnTestSupport.update("sgd", ["momentum": .decimal(0.9)])
  /// Updates of later phases, by phase index.
  var laterUpdates: [Int: any Update] = [:]
  var loss: any LossFunction = CrossEntropy(options: Options())
  var state = StatePolicy.carry
  var batch = 3
  var accumulation = 1
  var clip: Double?
  var decay = 0.0
  var decayTarget = DecayTarget.factors
  var classWeights: [Double] = []
  /// Parameters that are not trained, by phase index.
  var frozen: [Int: Set<String>] = [:]
  var statistics = FrozenStatistics.batch

  func program() throws -> CheckedProgram {
    let network = try network()
    let weights = weights(of: network)
    let starts = Set(weights.flatMap { $0.spans.map(\.start.value) } + laterUpdates.keys + frozen.keys).union([0]).sorted()
    let phases = starts.enumerated().map { index, start in
      Phase(
        index: index, start: Moment(.epoch, start), end: Moment(.epoch, index + 1 < starts.count ? starts[index + 1] : start + 1),
        forms: weights.map { weight in weight.spans.lastIndex { $0.start.value <= start } ?? 0 }, loss: loss,
        update: laterUpdates[start] ?? update, trainable: trainable(network).subtracting(frozen[start] ?? []), weightDecay: decay,
        statistics: statistics)
    }
    return CheckedProgram(
      network: network, data: data(network), training: training, weights: weights, phases: phases, events: [], requirements: [],
      allowed: [],
      stepsPerEpoch: 10)
  }

  private func network() throws -> Network {
    var nodes: [Network.Node] = []
    var shape = inputShape
    for (label, layer) in layers {
      let inputs: [Network.Source] = [nodes.isEmpty ? .input : .node(nodes.count - 1)]
      let given = shape
      shape = try layer.infer([given])
      nodes.append(
        Network.Node(
          path: label, savedName: label, layer: layer, inputs: inputs, inputShapes: [given], shape: shape, span: testSpan))
    }
    return Network(
      name: "net", inputShape: inputShape, nodes: nodes, output: nodes.isEmpty ? .input : .node(nodes.count - 1), outputShape: shape)
  }

  private func weights(of network: Network) -> [WeightPlan] {
    network.nodes.enumerated().flatMap { index, node in
      node.layer.parameters(node.inputs.map(network.shape)).compactMap { parameter -> WeightPlan? in
        guard case .matrix(let shape) = parameter.kind else { return nil }
        let spans = (stages[node.path] ?? [Stage(0, "dense")]).map { stage in
          FormSpan(
            start: Moment(.epoch, stage.epoch), form: stage.form, rank: stage.rank ?? 0,
            rankBounds: stage.bounds ?? (stage.rank ?? 0)...(stage.rank ?? 0), transition: TransitionSettings(state: state), span: testSpan)
        }
        let site = WeightSite(
          name: "\(node.savedName).\(parameter.name)", path: node.path, node: index, tensor: parameter.name, shape: shape,
          initializer: parameter.initializer)
        return WeightPlan(site: site, spans: spans)
      }
    }
  }

  private func trainable(_ network: Network) -> Set<String> {
    Set(network.nodes.flatMap { node in node.layer.parameters(node.inputs.map(network.shape)).map { "\(node.savedName).\($0.name)" } })
  }

  private var training: TrainingSettings {
    TrainingSettings(
      length: Duration(.epoch, 10), batch: batch, accumulation: accumulation, seed: 7, rate: RateTimeline(ConstantRate(0.1)),
      decayTarget: decayTarget, clip: clip, classWeights: classWeights, weightsFrom: nil, topK: [], selection: .accuracy, span: testSpan)
  }

  private func data(_ network: Network) -> DataSettings {
    DataSettings(
      name: "data",
      source: SyntheticSource(options: Options(["examples": .integer(30), "test_examples": .integer(10), "noise": .decimal(0.1)])),
      folder: ".", inputName: "x", inputShape: inputShape,
      classes: network.outputShape.first, targets: 0, validation: 0, dropsLastBatch: true, examples: 30,
      isPresent: true,
      span: testSpan)
  }
}
