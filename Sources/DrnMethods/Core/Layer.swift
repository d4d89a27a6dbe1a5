import DrnIR

/// A named computation of the network: `linear`, `relu`, `layer_norm`. One file each under `Layers/`, listed in `Layers.all`.
/// Shapes are per example, without the batch axis: [D] of a vector, [T, D] of a sequence, [C, H, W] of an image. `valueShape` says how a batch of
/// them lies.
public protocol Layer: Method {
  /// How many tensors the layer takes.
  static var inputCount: Int { get }
  /// Whether its input is tokens, [T] whole numbers an example, and not numbers.
  static var takesTokens: Bool { get }
  /// Whether its last input is no tensor of examples but the matrix of another layer's weight, [inputs, outputs], which a call names.
  static var takesWeight: Bool { get }
  /// The shape of the result, or why the inputs do not fit.
  func infer(_ inputs: [[Int]]) throws(LayerError) -> [Int]
  /// The layer's tensors for inputs that `infer` accepted.
  func parameters(_ inputs: [[Int]]) -> [LayerParameter]
  /// Running statistics for inputs that `infer` accepted.
  func buffers(_ inputs: [[Int]]) -> [LayerBuffer]
  /// What becomes of a sequence that is partly filling, for inputs that `infer` accepted.
  func lengthRule(_ inputs: [[Int]]) -> LengthRule
  /// What the layer keeps of a sequence to take further positions of it, for inputs that `infer` accepted.
  func continuation(_ inputs: [[Int]]) -> LayerContinuation
  /// The layer's result for a batch, which lies as `valueShape` says. New values of its buffers go to the context. Throws where the inputs are not those that `infer` accepted, or the context has no tensor of that name.
  func emit(_ inputs: [Value], in context: inout LayerContext) throws(IRError) -> Value
}

extension Layer {
  public static var takesTokens: Bool { false }
  public static var takesWeight: Bool { false }
  public func lengthRule(_ inputs: [[Int]]) -> LengthRule { .apart }
  /// A layer that says nothing may mix positions.
  public func continuation(_ inputs: [[Int]]) -> LayerContinuation { .impossible("needs the whole sequence") }
}

/// Why a layer does not fit its input, in words that follow "`fc1`: ".
public struct LayerError: Error, Hashable, Sendable {
  /// What does not fit: "expects a vector, but its input has shape [3, 32, 32]".
  public let message: String
  /// What to do about it: "put `flatten` before it"; `nil` where nothing in particular helps.
  public let help: String?
  public init(_ message: String, help: String? = nil) {
    self.message = message
    self.help = help
  }
}

/// One tensor of a layer.
public struct LayerParameter: Hashable, Sendable {
  /// What kind of tensor it is, with its size.
  public enum Kind: Hashable, Sendable {
    /// A matrix that clauses may reparameterize.
    case matrix(WeightShape)
    /// Biases, scales and offsets: never factorized, no weight decay.
    case vector(Int)
  }
  /// The name within the layer: `weight` or `bias`. The saved weights join it to the layer's by a point.
  public let name: String
  /// Matrix or vector, with its size.
  public let kind: Kind
  /// How it gets its first values.
  public let initializer: Initializer
  /// Whether nothing in the layer's call asks for that initializer, so that a setting for the whole network may take its place.
  public let isDefault: Bool
  public init(_ name: String, _ kind: Kind, initializer: Initializer, isDefault: Bool = true) {
    self.name = name
    self.kind = kind
    self.initializer = initializer
    self.isDefault = isDefault
  }
}

/// How a tensor of a layer gets its first values. Matrix of `inputs` x `outputs`; the outputs of a convolution count once for every place of
/// its kernel, as each reaches so many places of the result.
public enum Initializer: Hashable, Sendable {
  case zeros
  case ones
  /// Uniform in +-sqrt(6 / (inputs + outputs)) (Glorot and Bengio 2010).
  case glorotUniform
  /// Normal with variance 2 / (inputs + outputs).
  case glorotNormal
  /// Normal with variance 2 / inputs (He et al. 2015).
  case heNormal
  /// Uniform in +-1/sqrt(inputs): the default of PyTorch's `Linear`, for weights and biases. `inputs` is the layer's fan-in.
  case fanInUniform(inputs: Int)
  /// Normal with that standard deviation.
  case normal(deviation: Double)
}

/// A running statistic of a layer: an average over batches, new = (1 - momentum) old + momentum batch.
public struct LayerBuffer: Hashable, Sendable {
  /// The name within the layer: `running_mean` or `running_var`.
  public let name: String
  /// The number of elements, one for each feature or channel.
  public let size: Int
  /// The value of every element before the first batch.
  public let initial: Double
  /// The share of the newest batch in it.
  public let momentum: Double
  public init(_ name: String, size: Int, initial: Double, momentum: Double) {
    self.name = name
    self.size = size
    self.initial = initial
    self.momentum = momentum
  }
}

/// What a layer emits into. The lowering supplies weights in whatever form the phase has.
public struct LayerContext {
  /// Whether the layer works as in a training step or as in evaluation, where dropout does nothing and averages over batches are not
  /// renewed.
  public enum Mode: Sendable { case train, evaluate }
  /// The function that the layer's operations are appended to.
  public var builder: Builder
  /// What the layer is emitted for.
  public let mode: Mode
  /// Examples of the batch.
  public let batch: Int
  /// The shapes of the inputs, per example.
  public let inputs: [[Int]]
  /// How long the sequences are that the layer is given; `nil` where every position is an example's own.
  public let lengths: SequenceLengths?
  /// The name of the layer's call; it separates the random streams of layers, and errors say it.
  public let layer: String
  /// The random key of the step; `nil` when evaluating.
  public let key: Value?
  /// Vector parameters and buffers by their names within the layer. Matrices are reached by `apply(_:to:)` alone.
  public var tensors: [String: Value]
  /// The buffers after the step, by their names within the layer; those that are not in it stay as they are.
  public private(set) var newBuffers: [String: Value] = [:]
  /// `nil` where whole sequences are taken; else what belongs to taking further positions of one.
  public var continuation: ContinuedSequence?
  private let applyMatrix: @Sendable (inout Builder, String, WeightInput) throws(IRError) -> Value

  public init(
    builder: Builder, mode: Mode, batch: Int, inputs: [[Int]], lengths: SequenceLengths? = nil, layer: String,
    key: Value?, tensors: [String: Value],
    applyMatrix: @escaping @Sendable (inout Builder, String, WeightInput) throws(IRError) -> Value
  ) {
    self.builder = builder
    self.mode = mode
    self.batch = batch
    self.inputs = inputs
    self.lengths = lengths
    self.layer = layer
    self.key = key
    self.tensors = tensors
    self.applyMatrix = applyMatrix
  }
  /// x W for the layer's matrix of that name.
  public mutating func apply(_ matrix: String, to input: WeightInput) throws(IRError) -> Value { try applyMatrix(&builder, matrix, input) }
  /// A vector parameter or buffer of the layer.
  public func tensor(_ name: String) throws(IRError) -> Value {
    guard let value = tensors[name] else { throw IRError("layer \(layer) has no tensor \(name)") }
    return value
  }
  /// How many positions of a sequence are taken.
  var positions: Int { continuation?.count ?? inputs.first?.positions ?? 1 }
  /// Says what a buffer of the layer is after the step.
  mutating func setBuffer(_ name: String, to value: Value) { newBuffers[name] = value }
}
