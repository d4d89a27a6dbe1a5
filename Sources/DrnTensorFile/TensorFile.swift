/// The contents of a safetensors file: named tensors and a map of strings.
public struct TensorFile: Sendable {
  /// The tensors; sorted by name after `read`, and written in that order whatever the order here.
  public var tensors: [NamedTensor]
  /// Free text by key; sorted by key after `read`, and written in that order.
  public var metadata: [(String, String)]

  /// A file with the given tensors and metadata.
  public init(tensors: [NamedTensor] = [], metadata: [(String, String)] = []) {
    self.tensors = tensors
    self.metadata = metadata
  }

  /// The tensor of that name, or nil.
  public func tensor(named name: String) -> NamedTensor? {
    tensors.first { sameBytes($0.name, name) }
  }

  /// The metadata text under that key, or nil.
  public func metadataValue(_ key: String) -> String? {
    metadata.first { sameBytes($0.0, key) }?.1
  }
}

/// The name under which the header keeps the metadata; no tensor can have it.
let metadataName = "__metadata__"
