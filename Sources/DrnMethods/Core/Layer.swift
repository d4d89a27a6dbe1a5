import DrnIR

/// A named computation of the network: `linear`, `relu`, `layer_norm`. One file each under `Layers/`, listed in `Layers.all`.
/// Shapes are per example, without the batch axis; of an image, channels first. The value of an image is channels last, [B, H, W, C].
public protocol Layer: Method {
  /// How many tensors the layer takes.
  static var inputCount: Int { get }
  /// The shape of the result, or why the inputs do not fit.
  func infer(_ inputs: [[Int]]) throws(LayerError) -> [Int]
  /// The layer's tensors for inputs that `infer` accepted.
  func parameters(_ inputs: [[Int]]) -> [LayerParameter]
  /// Running statistics for inputs that `infer` accepted.
  func buffers(_ inputs: [[Int]]) -> [LayerBuffer]
  func emit(_ inputs: [Value], in context: inout LayerContext) throws(IRError) -> Value
}

/// Why a layer does not fit its input, in words that follow "`fc1`: ".
public struct LayerError: Error, Hashable, Sendable {
  public let message: String
  public let help: String?
  public init(_ message: String, help: String? = nil) {
    self.message = message
    self.help = help
  }
}

/// One tensor of a layer.
public struct LayerParameter: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    /// A matrix that clauses may reparameterize.
    case matrix(WeightShape)
    /// Biases, scales and offsets: never factorized, no weight decay.
    case vector(Int)
  }
  public let name: String
  public let kind: Kind
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
}

/// A running statistic of a layer: an average over batches, new = (1 - momentum) old + momentum batch.
public struct LayerBuffer: Hashable, Sendable {
  public let name: String
  public let size: Int
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
  public enum Mode: Sendable { case train, evaluate }
  public var builder: Builder
  public let mode: Mode
  public let layer: String
  /// The random key of the step; `nil` when evaluating.
  public let key: Value?
  public var tensors: [String: Value]
  public private(set) var newBuffers: [String: Value] = [:]
  public let applyMatrix: @Sendable (inout Builder, String, WeightInput) throws(IRError) -> Value

  public init(
    builder: Builder, mode: Mode, layer: String, key: Value?, tensors: [String: Value],
    applyMatrix: @escaping @Sendable (inout Builder, String, WeightInput) throws(IRError) -> Value
  ) {
    self.builder = builder
    self.mode = mode
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
  public mutating func setBuffer(_ name: String, to value: Value) { newBuffers[name] = value }
}
