import DrnData
import DrnSystem

extension DataSketcher {
  /// A program for a folder of images with a folder for each class. Decodes them all, as a run will.
  func images() throws(DataError) -> ProgramSketch {
    try refuseLabel("its folders")
    let validation = ImageFolderReader(path: path).foundValidation
    let reader = ImageFolderReader(path: path, validation: validation)
    let (train, held, test) = try reader.load()
    let classes = try reader.classNames()
    let splits = Files.kind(Path.join(path, "train")) != .folder
    var sketch = imageSketch(
      "images(\(Self.quoted(written))\(validation.map { ", validation: " + Self.quoted($0) } ?? ""))", train, classes: classes.count,
      hasTest: test != nil, hasValidation: held != nil,
      found:
        "`\(Path.name(of: path))`: \(train.count + (held?.count ?? 0) + (test?.count ?? 0)) images in \(classes.count) folders, each a class."
    )
    if splits { sketch.findings.append("A fifth of the images is held back for the test.") }
    return sketch
  }

  /// A program for a folder of IDX files.
  func idx() throws(DataError) -> ProgramSketch {
    try refuseLabel("a file of labels")
    let folder = try IDXFolder(path: path)
    let train = try folder.train.load()
    let classes = try CollectedClassCount.of(train.labels, path)
    return imageSketch(
      "idx(\(Self.quoted(written)))", train, classes: classes, hasTest: true,
      found: "`\(Path.name(of: path))`: IDX files of \(train.count) images to train on, with labels up to \(classes - 1).")
  }

  /// A program for a folder of CIFAR-10 or CIFAR-100.
  func cifar() throws(DataError) -> ProgramSketch {
    try refuseLabel("its files")
    let folder = try CIFARFolder(path: path)
    let header = try folder.train.header()
    return imageSketch(
      "cifar(\(Self.quoted(written)))", try folder.train.load(), classes: header.classes ?? 10, hasTest: true,
      found: "`\(Path.name(of: path))`: the binary files of CIFAR, \(header.examples) images to train on.")
  }

  private func imageSketch(
    _ source: String, _ train: DataSet, classes: Int, hasTest: Bool, hasValidation: Bool = false, found: String
  ) -> ProgramSketch {
    var sketch = ProgramSketch()
    let split = Self.split(train.count, hasTest: hasTest)
    sketch.findings = [found] + (hasValidation ? [] : [split.text])
    sketch.examples = train.count
    sketch.data = [
      "source: \(source)", "image: tensor[\(train.shape.map(String.init).joined(separator: ", "))]", "label: class(\(classes))",
      hasValidation ? "" : "validation: \(split.share)%", "prepare: standardize(per: channel)",
      "// augment: [pad_crop(\(max(1, train.shape[1] / 8))), flip_horizontal]  // where a shifted and mirrored image is of the same class",
    ].filter { !$0.isEmpty }
    Self.convolutions(&sketch, shape: train.shape, outputs: classes)
    return sketch
  }

  /// Stages of a convolution each with half the size and twice the channels, down to about four pixels; a perceptron where images are smaller.
  static func convolutions(_ sketch: inout ProgramSketch, shape: [Int], outputs: Int) {
    guard shape.count == 3, min(shape[1], shape[2]) >= 8 else {
      return perceptron(&sketch, name: "image", shape: shape, outputs: outputs, scale: nil)
    }
    var (size, stages) = (min(shape[1], shape[2]), 1)
    while size >= 8, stages < 6 { (size, stages) = (size / 2, stages + 1) }
    let channels = (0..<stages).map { min(256, 16 << $0) }
    let layers = (0..<stages).map { stage in
      "    |> conv\(stage + 1): conv2d(\(channels[stage]), kernel: 3, bias: false) |> norm\(stage + 1): batch_norm |> relu"
        + (stage < stages - 1 ? " |> max_pool(2)\n" : "\n")
    }
    sketch.network =
      "(image: tensor[\(shape.map(String.init).joined(separator: ", "))]) -> tensor[\(outputs)] {\n  return image\n\(layers.joined())    |> global_average_pool |> head: linear(\(outputs))"
    let wide = channels.indices.filter { channels[$0] >= 64 }
    sketch.weights = (wide.isEmpty ? [stages - 1] : wide).map { "conv\($0 + 1)" }.joined(separator: ", ")
    sketch.rank = wide.isEmpty ? channels[stages - 1] / 2 : 16
    sketch.recalibration = ", recalibrate(batch_norm, batches: 20)"
  }
}

/// How many classes labels that are numbers from 0 have.
private enum CollectedClassCount {
  static func of(_ labels: [Int32], _ path: String) throws(DataError) -> Int {
    guard let last = labels.max(), let first = labels.min(), first >= 0, last > 0, last < 1_000_000 else {
      throw DataError(kind: .labelOutOfRange, path: path, message: "has no labels that are classes numbered from 0")
    }
    return Int(last) + 1
  }
}
