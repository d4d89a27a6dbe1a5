import DrnData
import DrnSystem

extension DataSketcher {
  /// A program for an array of features beside an array of labels or targets.
  func arrays() throws(DataError) -> ProgramSketch {
    let targets = try targetFile()
    let survey = try NumpySource.file(targets.path).survey()
    let isClass = survey.isWhole && survey.shape.dropFirst().allSatisfy { $0 == 1 }
    let set = try NumpyReader(features: path, targets: targets.path, task: isClass ? .classification : .regression).load()
    guard set.count >= 10 else {
      throw DataError(
        kind: .empty, path: path, message: "has \(Self.counted(set.count, "example", "examples")); 10 are the least to learn from")
    }
    var sketch = ProgramSketch()
    let split = Self.split(set.count, hasTest: false)
    let size = "[\(set.shape.map(String.init).joined(separator: ", "))]"
    sketch.findings = [
      "`\(Path.name(of: path))`: \(set.count) examples of shape \(size). `\(Path.name(of: targets.path))`\(label == nil ? ", which lies beside it," : "") holds "
        + (isClass ? "whole numbers, which are taken for classes." : "numbers, which are learned as they are (regression)."), split.text,
    ]
    sketch.examples = set.count
    var outputs = set.targetWidth ?? 1
    var scale: (Double, Double)?
    if isClass {
      outputs = Set(set.labels).count
      guard outputs > 1, outputs * 2 <= set.count else {
        throw DataError(
          kind: .labelOutOfRange, path: targets.path,
          message: "holds \(Self.counted(outputs, "different label", "different labels")) of \(set.count) examples, which are no classes",
          help: "save targets of a regression with astype(\"float32\")")
      }
    } else {
      sketch.name = "regressor"
      sketch.loss = "mean_squared_error"
      if case .values(let values, let width) = set.target, width == 1 { scale = Self.moments(values) }
    }
    // Images without channels may be declared with one.
    let isImage = set.shape.count == 2 && set.shape.allSatisfy { $0 >= 8 } || set.shape.count == 3 && set.shape[0] <= 4
    let declared = isImage && set.shape.count == 2 ? [1] + set.shape : set.shape
    sketch.data = [
      "source: npy(features: \(Self.quoted(written)), labels: \(Self.quoted(targets.written)))",
      "\(isImage ? "image" : "row"): tensor[\(declared.map(String.init).joined(separator: ", "))]",
      isClass ? "label: class" : "label: tensor[\(outputs)]", "validation: \(split.share)%", "prepare: standardize(per: channel)",
    ]
    if isImage, isClass {
      Self.convolutions(&sketch, shape: declared, outputs: outputs)
    } else {
      Self.perceptron(&sketch, name: isImage ? "image" : "row", shape: declared, outputs: outputs, scale: scale)
    }
    return sketch
  }

  private func targetFile() throws(DataError) -> (path: String, written: String) {
    guard let label else {
      let name = Path.name(of: path)
      for other in Self.labelNames(of: name) {
        let found = Path.join(Path.folder(of: path), other)
        if Files.kind(found) == .regular { return (found, Path.join(Path.folder(of: written), other)) }
      }
      throw DataError(
        kind: .options, path: path, message: "is an array, and nothing says which file holds its labels or targets",
        help: "name it: `--label labels.npy`, relative to the folder of the features")
    }
    let found = Path.join(Path.folder(of: path), label)
    guard Files.kind(found) == .regular else {
      throw DataError(
        kind: .missingFile, path: found, message: "there is no such file", help: "`--label` is relative to the folder of the features")
    }
    return (found, Path.join(Path.folder(of: written), label))
  }
}
