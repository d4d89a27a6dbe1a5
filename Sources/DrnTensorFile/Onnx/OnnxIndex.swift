/// The tensors that a model of ONNX holds, and which operations read them. Tensors are read one at a time.
///
/// Source: onnx.proto of ONNX 1.12; the numbers of fields and types are those of that file.
public struct OnnxIndex: Sendable {
  /// How an operation reads a tensor.
  public struct Use: Hashable, Sendable {
    /// The type of the operation, as `Conv`.
    public let operation: String
    /// Which of its inputs the tensor is, from 0.
    public let input: Int
    /// The second input of the same operation, its weight; empty where there is none.
    public let weight: String
    /// Whether the attribute `transB` of `Gemm` is set: the weight then lies outputs x inputs.
    public let isTransposed: Bool
  }
  /// One of the tensors.
  public struct Tensor: Sendable {
    /// Its name in the graph.
    public let name: String
    /// The type of its elements; `nil` for one that safetensors does not have.
    public let elementType: StoredElement?
    /// The type as ONNX numbers it.
    public let typeCode: Int
    /// Sizes, outermost first.
    public let shape: [Int]
    /// The first operation that reads it; `nil` where none of those that have weights does.
    public fileprivate(set) var use: Use?
    fileprivate let place: Place
  }
  fileprivate enum Place {
    /// Little-endian, of so many bytes as type and shape need.
    case bytes(Range<Int>)
    /// Why it cannot be read, as the end of a sentence about the tensor.
    case unreadable(String)
  }

  /// The file, as it was given.
  public let path: String
  /// In the order of the file. Of a file with more than `mostTensors`, the first.
  public let tensors: [Tensor]
  /// The tensors the file holds.
  public let count: Int
  /// The program that wrote it, as it says.
  public let producer: String
  /// Free text by key, sorted by key; at most a hundred.
  public let metadata: [(String, String)]

  static let mostTensors = 10_000
  private static let mostUses = 100_000
  private static let mostExtents = 64
  private static let mostMetadata = 100

  /// Finds every tensor; sizes are held against the length of the file, and none is read.
  public init(path: String) throws(TensorFileError) {
    let fields = try ProtobufFields(path: path)
    self.path = path
    var reader = Reader(fields)
    try reader.readModel()
    guard reader.hasGraph else { throw fields.malformed("it has no graph", 0) }
    var tensors = reader.tensors
    for index in tensors.indices { tensors[index].use = reader.uses[tensors[index].name] }
    (self.tensors, count, producer) = (tensors, reader.count, reader.producer)
    metadata = reader.metadata.sorted { precedes($0.0, $1.0) }
    if let name = firstDuplicate(tensors.map(\.name)) { throw fields.malformed("the tensor \"\(name)\" is there twice", 0) }
  }

  /// The tensor of that name with its elements; `nil` where there is none.
  public func read(_ name: String) throws(TensorFileError) -> TensorEntry? {
    guard let tensor = tensors.first(where: { sameBytes($0.name, name) }) else { return nil }
    switch tensor.place {
    case .unreadable(let reason): throw TensorFileError(kind: .unsupported, path: path, message: "the tensor \"\(name)\" \(reason)")
    case .bytes(let range):
      guard let type = tensor.elementType else { return nil }
      return TensorEntry(name: name, elementType: type, shape: tensor.shape, bytes: try ProtobufFields(path: path).bytes(range))
    }
  }

  /// What `TensorProto.DataType` numbers.
  private static let types: [Int: StoredElement] = [
    1: .f32, 2: .u8, 3: .i8, 4: .u16, 5: .i16, 6: .i32, 7: .i64, 9: .bool, 10: .f16, 11: .f64, 12: .u32, 13: .u64, 16: .bf16,
    17: .f8e4m3, 19: .f8e5m2,
  ]

  // MARK: Reading

  /// Walks the messages of a model.
  private struct Reader {
    let fields: ProtobufFields
    var tensors: [Tensor] = []
    var count = 0
    var hasGraph = false
    var producer = ""
    var metadata: [(String, String)] = []
    /// By the tensor's name.
    var uses: [String: Use] = [:]

    init(_ fields: ProtobufFields) { self.fields = fields }

    mutating func readModel() throws(TensorFileError) {
      var position = 0
      while let field = try fields.next(at: &position, end: fields.size) {
        guard case .bytes(let range) = field.content else { continue }
        switch field.number {
        case 2: producer = try fields.text(range)
        case 7:
          hasGraph = true
          try readGraph(range)
        case 14: try readMetadata(range)
        default: break
        }
      }
    }

    private mutating func readMetadata(_ range: Range<Int>) throws(TensorFileError) {
      var position = range.lowerBound
      var (key, value) = ("", "")
      while let field = try fields.next(at: &position, end: range.upperBound) {
        guard case .bytes(let text) = field.content, text.count <= 1 << 20 else { continue }
        if field.number == 1 { key = try fields.text(text) }
        if field.number == 2 { value = try fields.text(text, atMost: 1 << 20) }
      }
      guard metadata.count < OnnxIndex.mostMetadata, !metadata.contains(where: { $0.0 == key }) else { return }
      metadata.append((key, value))
    }

    private mutating func readGraph(_ range: Range<Int>) throws(TensorFileError) {
      var position = range.lowerBound
      while let field = try fields.next(at: &position, end: range.upperBound) {
        guard case .bytes(let message) = field.content else { continue }
        if field.number == 1 { try readNode(message) }
        if field.number == 5 {
          let tensor = try readTensor(message)
          count += 1
          if tensors.count < OnnxIndex.mostTensors { tensors.append(tensor) }
        }
      }
    }

    /// Operations whose inputs are weights.
    private static let weighted: Set<String> = [
      "Conv", "ConvTranspose", "Gemm", "MatMul", "BatchNormalization", "LayerNormalization", "Gather",
    ]

    private mutating func readNode(_ range: Range<Int>) throws(TensorFileError) {
      var position = range.lowerBound
      var (inputs, operation, isTransposed) = ([Range<Int>](), "", false)
      while let field = try fields.next(at: &position, end: range.upperBound) {
        guard case .bytes(let content) = field.content else { continue }
        switch field.number {
        case 1: if inputs.count < 8 { inputs.append(content) }
        case 4: operation = content.count <= 64 ? try fields.text(content) : ""
        case 5: if try isSetTransposition(content) { isTransposed = true }
        default: break
        }
      }
      guard Self.weighted.contains(operation), uses.count < OnnxIndex.mostUses else { return }
      let weight = inputs.count > 1 ? try fields.text(inputs[1]) : ""
      for (index, input) in inputs.enumerated() {
        let name = try fields.text(input)
        guard !name.isEmpty, uses[name] == nil else { continue }
        uses[name] = Use(operation: operation, input: index, weight: weight, isTransposed: isTransposed)
      }
    }

    private func isSetTransposition(_ range: Range<Int>) throws(TensorFileError) -> Bool {
      var position = range.lowerBound
      var (isNamed, isSet) = (false, false)
      while let field = try fields.next(at: &position, end: range.upperBound) {
        switch field.content {
        case .bytes(let text) where field.number == 1: isNamed = text.count == 6 ? try fields.text(text) == "transB" : false
        case .varint(let value) where field.number == 3: isSet = value != 0
        case .varint, .bytes, .fixed: break
        }
      }
      return isNamed && isSet
    }

    private func readTensor(_ range: Range<Int>) throws(TensorFileError) -> Tensor {
      var position = range.lowerBound
      var (name, code, shape) = ("", 0, [Int]())
      var (pieces, other, isExternal) = ([(number: Int, range: Range<Int>)](), false, false)
      while let field = try fields.next(at: &position, end: range.upperBound) {
        switch (field.number, field.content) {
        case (1, .varint(let extent)): try append(extent, to: &shape, at: range)
        case (1, .bytes(let packed)):
          var place = packed.lowerBound
          while place < packed.upperBound { try append(try fields.varint(at: &place, end: packed.upperBound), to: &shape, at: range) }
        case (2, .varint(let value)): code = value < 1 << 16 ? Int(value) : 0
        case (8, .bytes(let text)): name = try fields.text(text)
        case (4, .bytes(let content)), (9, .bytes(let content)), (10, .bytes(let content)):
          if pieces.count < 2 { pieces.append((field.number, content)) }
        case (4...7, _), (10...11, _): other = true
        case (13, _): isExternal = true
        case (14, .varint(let value)): isExternal = isExternal || value == 1
        default: break
        }
      }
      guard !name.isEmpty else { throw fields.malformed("the tensor at byte \(range.lowerBound) has no name", range.lowerBound) }
      let type = OnnxIndex.types[code]
      func tensor(_ place: Place) -> Tensor { Tensor(name: name, elementType: type, typeCode: code, shape: shape, use: nil, place: place) }
      if isExternal { return tensor(.unreadable("keeps its values in another file, which is not read: save the model as one file")) }
      guard let type else { return tensor(.unreadable("is of a type that is not read, number \(code) of ONNX")) }
      guard let bytes = TensorEntry(name: name, elementType: type, shape: shape, bytes: []).expectedByteCount else {
        throw fields.malformed("the shape \(shape) of the tensor \"\(name)\" is too large to exist", range.lowerBound)
      }
      // Raw bytes of any type; single and double precision may also be lists of their own.
      let isPlain =
        pieces.count == 1 && (pieces[0].number == 9 || pieces[0].number == 4 && type == .f32 || pieces[0].number == 10 && type == .f64)
      guard !other, isPlain || pieces.isEmpty && bytes == 0 else {
        return tensor(.unreadable("keeps its values in a way that is not read: save the model with raw data"))
      }
      let content = pieces.first?.range ?? range.lowerBound..<range.lowerBound
      guard content.count == bytes else {
        throw fields.malformed(
          "the tensor \"\(name)\" of \(type.rawValue) \(shape) needs \(bytes) bytes and has \(content.count)", range.lowerBound)
      }
      return tensor(.bytes(content))
    }

    private func append(_ extent: UInt64, to shape: inout [Int], at range: Range<Int>) throws(TensorFileError) {
      guard extent <= UInt64(Int.max), shape.count < OnnxIndex.mostExtents else {
        throw fields.malformed(
          "the tensor at byte \(range.lowerBound) has an extent below 0, or more than \(OnnxIndex.mostExtents)", range.lowerBound)
      }
      shape.append(Int(extent))
    }
  }
}
