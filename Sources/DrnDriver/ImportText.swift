import DrnImport
import DrnJSON
import DrnProgram

extension ModelFile {
  /// Every tensor with its type and sizes.
  var text: String {
    let rows = tensors.map { [$0.name, $0.type, TextTable.sizes($0.shape), String($0.count)] }
    var text = "\(format.rawValue) `\(path)`\n\n" + TextTable.text(["tensor", "type", "shape", "numbers"], rows)
    text += "\(tensors.count) tensors, \(tensors.reduce(0) { $0 &+ $1.count }) numbers\n"
    if unlisted > 0 { text += "\(unlisted) more tensors are not listed\n" }
    return text
  }

  var json: JSON {
    .make([
      "file": .string(path), "format": .string(format.rawValue), "tensors": .array(tensors.map(\.json)),
      "numbers": .integer(tensors.reduce(0) { $0 &+ $1.count }), "unlisted": unlisted > 0 ? .integer(unlisted) : nil,
    ])
  }
}

extension ModelFile.Tensor {
  fileprivate var count: Int { shape.reduce(1) { $0 &* $1 } }

  fileprivate var json: JSON {
    ["name": .string(name), "type": .string(type), "shape": .array(shape.map(JSON.integer))]
  }
}

extension WeightMap {
  /// Every tensor of the network with the one of the file that it is, and what is left of both.
  func text(_ file: ModelFile, _ program: CheckedProgram) -> String {
    let taken = entries.map { entry in
      [entry.name, entry.tensor.name, TextTable.sizes(entry.shape), entry.reason.word + (entry.isTurned ? ", transposed" : "")]
    }
    let absent = missing.flatMap(\.tensors).map { [$0.name, "-", TextTable.sizes($0.shape), "nothing fits"] }
    var text = TextTable.text(["\(program.network.name)", file.format.rawValue, "shape", "by"], taken + absent)
    text += "\(entries.count) of \(entries.count + absent.count) tensors of the network are found\n"
    if !unused.isEmpty { text += "\(unused.count) tensors of the file have no place\n" }
    if !ignored.isEmpty { text += "\(ignored.count) tensors of the file are no weights\n" }
    return text
  }

  /// The same as values. `written` is the file that was written, `setting` the value of `weights_from` that takes it.
  func json(_ file: ModelFile, _ program: CheckedProgram, written: String?, setting: String?) -> JSON {
    let map = entries.map { entry -> JSON in
      [
        "name": .string(entry.name), "shape": .array(entry.shape.map(JSON.integer)), "file_name": .string(entry.tensor.name),
        "file_shape": .array(entry.tensor.shape.map(JSON.integer)), "by": .string(entry.reason.rawValue),
        "transposed": .boolean(entry.isTurned),
      ]
    }
    let absent = missing.flatMap(\.tensors).map { tensor -> JSON in
      ["name": .string(tensor.name), "shape": .array(tensor.shape.map(JSON.integer))]
    }
    return .make([
      "file": .string(file.path), "format": .string(file.format.rawValue), "network": .string(program.network.name), "map": .array(map),
      "missing": .array(absent), "unused": .array(unused.map(\.json)), "ignored": .array(ignored.map(\.json)),
      "written": written.map(JSON.string), "weights_from": setting.map(JSON.string),
    ])
  }
}

extension WeightMap.Reason {
  fileprivate var word: String {
    switch self {
    case .given: "--map"
    case .name: "name"
    case .role: "known name"
    case .shape: "shape"
    case .order: "order"
    }
  }
}
