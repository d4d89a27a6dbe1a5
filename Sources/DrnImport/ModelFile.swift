import DrnSystem
import DrnTensorFile

/// A file of weights that another program, or drnc, has written: safetensors, or ONNX where its name ends in `.onnx`.
public struct ModelFile: Sendable {
  /// How the file is written.
  public enum Format: String, Sendable {
    case safetensors, onnx
  }
  /// A tensor of the file.
  public struct Tensor: Sendable {
    /// Its name in the file.
    public let name: String
    /// The type of its elements, as safetensors names it; of ONNX else its number there.
    public let type: String
    /// Sizes, outermost first.
    public let shape: [Int]
    /// The layer it belongs to: what stands before the last dot of its name, or what an operation says that reads it.
    let layer: String
    /// What it is of the layer, as `weight`.
    let part: String
    /// Whether the operation that reads it takes it as inputs x outputs, as outputs x inputs, or says nothing of that.
    let orientation: Orientation
    /// Whether an operation reads it as a weight; of safetensors, where nothing says so, whether it may be one.
    let isWeight: Bool
  }
  enum Orientation: Sendable { case inputsFirst, outputsFirst, unknown }

  /// The file, as it was given.
  public let path: String
  public let format: Format
  /// In the order of names; of ONNX in the order of the file.
  public let tensors: [Tensor]
  /// Tensors beyond those that are listed.
  public let unlisted: Int
  /// Whether drnc wrote it.
  public let isOwn: Bool
  private let content: Content

  private enum Content: Sendable {
    case safetensors(TensorIndex)
    case onnx(OnnxIndex)
  }

  /// Reads the names and sizes; values are read one tensor at a time.
  public init(path: String) throws(ImportError) {
    self.path = path
    do {
      if Path.fileExtension(of: path).lowercased() == Format.onnx.rawValue {
        let index = try OnnxIndex(path: path)
        (format, content, unlisted) = (.onnx, .onnx(index), index.count - index.tensors.count)
        isOwn = index.producer == "drnc"
        tensors = index.tensors.map { Tensor($0) }
      } else {
        let index = try TensorIndex(path: path, wanted: [])
        (format, content, unlisted) = (.safetensors, .safetensors(index), index.count - index.names.count)
        isOwn = index.metadata.contains { $0.0 == "drnc.network" }
        tensors = index.names.map { name in
          Tensor(name: name, type: index.elementType(of: name)?.rawValue ?? "", shape: index.shape(of: name) ?? [])
        }
      }
    } catch { throw Self.failure(error, path) }
  }

  /// The elements of a tensor, row-major; every one a number.
  func floats(of tensor: Tensor) throws(ImportError) -> [Float] {
    guard Self.floatingTypes.contains(tensor.type) else {
      throw ImportError(
        .unfit, "the tensor `\(tensor.name)` of `\(path)` has the type \(tensor.type), and weights are of single, double or half precision")
    }
    let values: [Float]
    do {
      let entry: TensorEntry?
      switch content {
      case .safetensors(let index): entry = try index.read(tensor.name)
      case .onnx(let index): entry = try index.read(tensor.name)
      }
      values = try entry?.floats() ?? []
    } catch { throw Self.failure(error, path) }
    guard values.allSatisfy(\.isFinite) else {
      throw ImportError(.unfit, "the tensor `\(tensor.name)` of `\(path)` holds values that are no numbers")
    }
    return values
  }

  static let floatingTypes: Set<String> = ["F16", "BF16", "F32", "F64"]

  private static func failure(_ error: TensorFileError, _ path: String) -> ImportError {
    let help = "`import` takes a file of safetensors, or one of ONNX whose name ends in `.onnx`"
    return ImportError(error.kind == .missing ? .missing : .unreadable, "`\(path)`: \(error.message)", help: help)
  }
}

extension ModelFile.Tensor {
  /// One whose name alone says what it is.
  fileprivate init(name: String, type: String, shape: [Int]) {
    let (layer, part) = Self.parts(of: name)
    self.init(
      name: name, type: type, shape: shape, layer: layer, part: part, orientation: .unknown,
      isWeight: ModelFile.floatingTypes.contains(type))
  }

  /// One that operations read.
  fileprivate init(_ tensor: OnnxIndex.Tensor) {
    let (name, use) = (tensor.name, tensor.use)
    var (layer, part) = Self.parts(of: name)
    let parts: [String]? = use.flatMap { Self.inputs[$0.operation] }
    let role = use.flatMap { use in parts.flatMap { $0.indices.contains(use.input) ? $0[use.input] : nil } } ?? ""
    // A name that an exporter made up says nothing: what reads the tensor does.
    if let use, layer.isEmpty, !role.isEmpty { (layer, part) = (use.input == 0 ? name : use.weight, role) }
    let orientation: ModelFile.Orientation =
      switch use?.operation {
      case "MatMul": use?.input == 1 ? .inputsFirst : .unknown
      case "Gemm": use?.input == 1 ? (use?.isTransposed ?? false ? .outputsFirst : .inputsFirst) : .unknown
      case "Gather": .inputsFirst
      default: .unknown
      }
    self.init(
      name: name, type: tensor.elementType?.rawValue ?? "number \(tensor.typeCode)", shape: tensor.shape, layer: layer, part: part,
      orientation: orientation, isWeight: parts.map { $0.indices.contains(use?.input ?? 0) && !$0[use?.input ?? 0].isEmpty } ?? false)
  }

  /// What each input of an operation is; empty for what is no weight.
  private static let inputs: [String: [String]] = [
    "Conv": ["", "weight", "bias"], "ConvTranspose": ["", "weight", "bias"], "Gemm": ["", "weight", "bias"], "MatMul": ["", "weight"],
    "BatchNormalization": ["", "weight", "bias", "running_mean", "running_var"], "LayerNormalization": ["", "weight", "bias"],
    "Gather": ["weight", ""],
  ]

  private static func parts(of name: String) -> (layer: String, part: String) {
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return ("", name) }
    return (String(name[..<dot]), String(name[name.utf8.index(after: dot)...]))
  }
}
