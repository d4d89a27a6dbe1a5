import DrnCompiler
import DrnData
import DrnMethods
import DrnNumbers
import DrnProgram
import DrnSystem
import DrnTrain

/// Examples for a network, in portions, so that a table of any length takes the memory of a few thousand rows.
public final class ExamplePortions {
  /// One portion.
  public struct Portion: Sendable {
    /// The examples, with labels or targets where they were asked for.
    public let data: DataSet
    /// The file of each example, where each has one of its own.
    public let names: [String]?
  }

  private enum Source {
    case table(TableStream)
    case array(NumpyStream)
    case files([String], labels: [Int32])
    case whole(DataSet)
    case end
  }

  /// The file or folder, as it was given.
  public let path: String
  private let model: TrainedModel
  private var source: Source

  /// Examples of one portion, in whole batches.
  private var rows: Int { whole(8192) }
  /// Files of one portion: pictures, recordings.
  private var files: Int { whole(256) }
  private func whole(_ count: Int) -> Int {
    let batch = max(1, model.compiler.evaluationBatch)
    return max(1, count / batch) * batch
  }

  // MARK: Inputs

  /// The examples of a file or folder, of any kind that the network takes; what is there to be learned is passed over.
  public init(of path: String, for model: TrainedModel) throws(TrainError) {
    (self.path, self.model, source) = (path, model, .end)
    let settings = model.program.data
    guard let kind = Files.kind(path) else {
      throw TrainError(.inputMissing, "there is no file `\(path)`")
    }
    guard kind != .other else { throw TrainError(.inputUnfit, "`\(path)` is neither a file nor a folder") }
    let isFolder = kind == .folder
    let ending = Self.ending(path)
    do throws(DataError) {
      switch settings.source {
      case _ where settings.predictsNextToken || settings.inputElement == .token:
        if isFolder { throw Self.folder(path, "one text file") }
        source = .whole(try Self.tokens(path, model))
      case is AudioSource where isFolder || ending == "wav":
        source = .files(try Self.listed(path, ["wav"], "recordings"), labels: [])
      case _ where isFolder || Self.pictures.contains(ending):
        guard model.contents.inputShape.count == 3 else { throw Self.folder(path, "a file of numbers", isFolder: isFolder) }
        source = .files(try Self.listed(path, Self.pictures, "images"), labels: [])
      case _ where ending == "npy": source = .array(try NumpyStream(.file(path), shape: model.contents.inputShape))
      case let archive as NPZSource where ending == "npz":
        let name = archive.options.text("test_features") ?? archive.options.text("features") ?? ""
        source = .array(try NumpyStream(.entry(name, in: path), shape: model.contents.inputShape))
      case is CSVSource: source = .table(try Self.table(path, model, withTargets: false))
      case is CIFARSource: source = .whole(try CIFARReader(paths: [path], variant: Self.variant(model)).load())
      case _ where ["csv", "tsv"].contains(ending): source = .table(try Self.values(path, model))
      case is AudioSource: throw Self.folder(path, "a recording ending in `.wav`", isFolder: false)
      case _: source = .whole(try IDXReader.images(of: path))
      }
    } catch { throw TrainError(input: error) }
  }

  /// The examples of a file or folder with what was learned of them; `labels` is the file of labels of one that has none in itself.
  public init(learnedOf path: String, labels: String?, for model: TrainedModel) throws(TrainError) {
    (self.path, self.model, source) = (path, model, .end)
    let settings = model.program.data
    for file in [path, labels].compactMap({ $0 }) where !Files.exists(file) {
      throw TrainError(.inputMissing, "there is no file `\(file)`")
    }
    let takesLabels = !settings.predictsNextToken && settings.inputElement == .number && !(settings.source is CSVSource)
    let isFolder = Files.kind(path) == .folder
    if labels != nil, !takesLabels || isFolder || settings.source is CIFARSource {
      throw TrainError(
        .inputUnfit, "`\(path)` has its labels in itself, so that `--labels` has nothing to say", help: "leave out `--labels`")
    }
    do throws(DataError) {
      switch settings.source {
      case _ where settings.predictsNextToken:
        if isFolder { throw Self.folder(path, "one text file") }
        let tokens = try Self.reader(model, path).tokens(of: model.contents.vocabulary ?? [])
        source = .whole(try DataSet(text: tokens, length: settings.inputShape[0]))
      case is LinesSource: source = .whole(try Self.lines(path, model, isFolder: isFolder))
      case is CSVSource:
        if isFolder { throw Self.folder(path, "one table") }
        source = .table(try Self.table(path, model, withTargets: true))
      case is AudioSource where isFolder:
        guard case .recordings(let reader) = try Self.readers(model) else { break }
        let folder = RecordingReader(
          path: path, pattern: reader.pattern, test: nil, testShare: 0, seed: 0, frames: reader.frames, length: reader.length,
          keepsLengths: reader.keepsLengths)
        let found = try folder.labelled(classes: model.classNames)
        source = .files(found.files, labels: found.labels)
      case _ where isFolder:
        guard settings.inputShape.count == 3, settings.classes != nil else { throw Self.folder(path, "a file of numbers") }
        let found = try Self.labelledPictures(path, model)
        source = .files(found.files, labels: found.labels)
      case is CIFARSource: source = .whole(try CIFARReader(paths: [path], variant: Self.variant(model)).load())
      case let archive as NPZSource where Self.ending(path) == "npz" && labels == nil:
        let isTest = archive.options.text("test_features") != nil
        func entry(_ name: String) -> NumpySource { .entry(archive.options.text((isTest ? "test_" : "") + name) ?? "", in: path) }
        source = .whole(try Self.pair(entry("features"), entry("labels"), model))
      case _:
        guard let labels else {
          throw DataError(
            kind: .options, path: path, message: "has no labels in it", help: "give the file that has them with `--labels FILE`")
        }
        let isArray = [path, labels].contains { Self.ending($0) == "npy" }
        source = .whole(isArray ? try Self.pair(.file(path), .file(labels), model) : try Self.images(path, labels, model))
      }
    } catch { throw TrainError(input: error) }
  }

  /// The next portion; `nil` at the end.
  public func next() throws(TrainError) -> Portion? {
    do throws(DataError) {
      switch source {
      case .table(let stream):
        return try stream.next(atMost: rows).map { data throws(DataError) in try portion(data) }
      case .array(var stream):
        let data = try stream.next(atMost: rows)
        source = .array(stream)
        return try data.map { data throws(DataError) in try portion(data) }
      case .files(let paths, let labels):
        guard !paths.isEmpty else { return nil }
        let part = Array(paths.prefix(files))
        let known = labels.isEmpty ? [Int32](repeating: 0, count: part.count) : Array(labels.prefix(files))
        let data = try load(part, known)
        source = .files(Array(paths.dropFirst(files)), labels: Array(labels.dropFirst(files)))
        return try portion(data, names: part)
      case .whole(let data):
        source = .end
        return try portion(data)
      case .end: return nil
      }
    } catch { throw TrainError(input: error) }
  }

  // MARK: Portions

  /// Holds examples against the network and fills what is missing in them.
  private func portion(_ data: DataSet, names: [String]? = nil) throws(DataError) -> Portion {
    let shape = model.contents.inputShape
    guard data.shape == shape || data.count == 0 || data.elementsPerExample == shape.reduce(1, *) && data.shape.count == 1 else {
      throw DataError(
        kind: .sizeMismatch, path: path, message: "holds examples of shape \(data.shape), and the network takes \(shape)")
    }
    return Portion(data: model.contents.fill?.filling(data) ?? data, names: names)
  }

  private func load(_ files: [String], _ labels: [Int32]) throws(DataError) -> DataSet {
    if case .recordings(let reader) = try Self.readersOfRecordings(model) { return try reader.load(files, labels: labels) }
    return try ImageFolderReader.load(files, labels: labels, shape: model.contents.inputShape)
  }

  private static func readersOfRecordings(_ model: TrainedModel) throws(DataError) -> SourceReaders? {
    model.program.data.source is AudioSource ? try readers(model) : nil
  }

  private static func readers(_ model: TrainedModel) throws(DataError) -> SourceReaders { try model.program.data.request.readers() }
}

extension ExamplePortions {
  private static let pictures = ["png", "jpg", "jpeg"]

  private static func ending(_ path: String) -> String { Path.fileExtension(of: path).lowercased() }

  private static func folder(_ path: String, _ wanted: String, isFolder: Bool = true) -> DataError {
    DataError(kind: .options, path: path, message: isFolder ? "is a folder, and the network takes \(wanted)" : "is not \(wanted)")
  }

  private static func table(_ path: String, _ model: TrainedModel, withTargets: Bool) throws(DataError) -> TableStream {
    guard case .tables(let tables) = try readers(model), let description = model.contents.table else {
      throw DataError(kind: .options, path: path, message: "is a table, and the columns that were learned are not known")
    }
    return try TableStream(path: path, description, tables.train.options, withTargets: withTargets)
  }

  /// A table of the values of examples, for a network that learned from something else.
  private static func values(_ path: String, _ model: TrainedModel) throws(DataError) -> TableStream {
    let count = model.contents.inputShape.reduce(1, *)
    let features = (0..<count).map { TableDescription.Feature(name: String($0), levels: nil) }
    return try TableStream(
      path: path, TableDescription(features: features, targets: [], classes: nil), CSVOptions(targets: [], task: .regression),
      withTargets: false)
  }

  /// The lines of a file as examples; or all of it as one, whose last tokens are what comes before the token to predict.
  private static func tokens(_ path: String, _ model: TrainedModel) throws(DataError) -> DataSet {
    let (length, vocabulary) = (model.contents.inputShape[0], model.contents.vocabulary ?? [])
    guard model.program.data.predictsNextToken else {
      return try LinesReader.load(path, length: length, vocabulary: vocabulary, keepsLengths: model.program.data.source.hasLengths)
    }
    let tokens = try reader(model, path).tokens(of: vocabulary).suffix(length)
    return try DataSet(tokens: tokens + [Int32](repeating: 0, count: length - tokens.count), length: length, labels: [Int32(tokens.count)])
  }

  private static func reader(_ model: TrainedModel, _ path: String) throws(DataError) -> TextReader {
    guard case .text(let reader) = try readers(model) else {
      throw DataError(kind: .options, path: path, message: "is a text, and the network takes none")
    }
    // The run keeps its vocabulary of byte pairs, wherever the first one has gone.
    let unit =
      if case .bytePair = reader.unit { TextReader.Unit.bytePair(Path.join(model.folder, RunFolder.tokenizer)) } else { reader.unit }
    return TextReader(path: path, length: reader.length, testShare: 0, unit: unit)
  }

  private static func variant(_ model: TrainedModel) -> CIFARReader.Variant {
    CIFARReader.Variant.allCases.first { $0.classes == model.program.data.classes } ?? .cifar10
  }

  /// The files of some endings in a folder and in those within it, by the bytes of their paths; a file is itself.
  private static func listed(_ path: String, _ endings: [String], _ what: String) throws(DataError) -> [String] {
    guard Files.kind(path) == .folder else { return [path] }
    var found: [String] = []
    var open = [path]
    // Links within it are not followed, so that none leads around in a circle.
    while let folder = open.popLast() {
      let names: [String]
      do { names = try Files.names(in: folder) } catch {
        throw DataError(kind: .unreadable, path: folder, message: "cannot be read: \(error.reason)")
      }
      for name in names where !name.hasPrefix(".") {
        let inner = Path.join(folder, name)
        if Files.kind(inner) == .folder {
          if !Files.isLink(inner) { open.append(inner) }
        } else if endings.contains(ending(name)) {
          found.append(inner)
        }
      }
    }
    guard !found.isEmpty else {
      throw DataError(
        kind: .empty, path: path, message: "holds no \(what), whose names end in \(endings.map { "." + $0 }.joined(separator: ", "))")
    }
    return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The images of a folder with a folder for each class, named as those that were learned.
  private static func labelledPictures(_ path: String, _ model: TrainedModel) throws(DataError) -> (files: [String], labels: [Int32]) {
    var (files, labels) = ([String](), [Int32]())
    let names: [String]
    do { names = try Files.names(in: path) } catch {
      throw DataError(kind: .unreadable, path: path, message: "cannot be read: \(error.reason)")
    }
    for name in names where !name.hasPrefix(".") && Files.kind(Path.join(path, name)) == .folder {
      guard let number = model.classNames.firstIndex(of: name) else {
        throw stranger(Path.join(path, name), name, model)
      }
      let found = try listed(Path.join(path, name), pictures, "images")
      files += found
      labels += [Int32](repeating: Int32(truncatingIfNeeded: number), count: found.count)
    }
    guard !files.isEmpty else {
      throw DataError(
        kind: .empty, path: path, message: "has no folder in it", help: "put the images of each class into a folder of its name")
    }
    return (files, labels)
  }

  private static func stranger(_ path: String, _ name: String, _ model: TrainedModel) -> DataError {
    let known = model.classNames.prefix(8).joined(separator: ", ") + (model.classNames.count > 8 ? ", ..." : "")
    return DataError(
      kind: .labelOutOfRange, path: path, message: "is not named after a class that was learned", help: "the classes are \(known)")
  }

  private static func lines(_ path: String, _ model: TrainedModel, isFolder: Bool) throws(DataError) -> DataSet {
    let (length, vocabulary) = (model.contents.inputShape[0], model.contents.vocabulary ?? [])
    var files = [path]
    if isFolder { files = try listed(path, ["txt"], "text files") }
    var all: DataSet?
    for file in files {
      let name = Path.name(of: file)
      guard name.hasSuffix(".txt"), let number = model.classNames.firstIndex(of: String(name.dropLast(4))) else {
        throw stranger(file, name, model)
      }
      let part = try LinesReader.load(
        file, length: length, vocabulary: vocabulary, label: Int32(truncatingIfNeeded: number),
        keepsLengths: model.program.data.source.hasLengths)
      all = try all?.appending(part) ?? part
    }
    guard let all else { throw DataError(kind: .empty, path: path, message: "holds no line") }
    return all
  }

  /// Features with labels or targets, of two arrays.
  private static func pair(_ features: NumpySource, _ labels: NumpySource, _ model: TrainedModel) throws(DataError) -> DataSet {
    let settings = model.program.data
    let task: LearningTask = settings.classes == nil ? .regression : .classification
    let data = try NumpyReader(features: features, targets: labels, task: task, classes: bound(model), shape: settings.inputShape).load()
    guard task == .classification || data.targetWidth == settings.targets else {
      throw DataError(
        kind: .sizeMismatch, path: labels.path,
        message: "has \(data.targetWidth ?? 1) values for an example, and the network predicts \(settings.targets)")
    }
    return try numbered(data, model)
  }

  /// Images with labels, of two IDX files.
  private static func images(_ path: String, _ labels: String, _ model: TrainedModel) throws(DataError) -> DataSet {
    guard model.program.data.classes != nil else {
      throw DataError(kind: .options, path: labels, message: "holds labels, and the network predicts values")
    }
    return try numbered(try IDXReader(images: path, labels: labels, classes: bound(model)).load(), model)
  }

  /// What labels in files stay below; any where they are numbered anew.
  private static func bound(_ model: TrainedModel) -> Int? { model.program.data.collectsClasses ? nil : model.program.data.classes }

  private static func numbered(_ data: DataSet, _ model: TrainedModel) throws(DataError) -> DataSet {
    guard model.program.data.collectsClasses, model.program.data.classes != nil else { return data }
    return try CollectedClasses(labels: model.classNames.compactMap { Int32($0) }).numbering(data, part: "examples")
  }
}

extension TrainedModel {
  /// The names of the classes; numbers where they were learned without names.
  public var classNames: [String] {
    let count = program.data.classes ?? 0
    let names = contents.classNames ?? []
    return (0..<count).map { $0 < names.count ? names[$0] : String($0) }
  }
}

extension TrainError {
  /// What is wrong with an input.
  init(input error: DataError) {
    if error.kind == .missingFile {
      self.init(.inputMissing, error.sentence, help: error.help)
    } else if error.kind == .options || error.kind == .sizeMismatch || error.kind == .mixedSizes {
      self.init(.inputUnfit, error.sentence, help: error.help)
    } else {
      self.init(.files(DataProblem(error.kind)), error.sentence, help: error.help)
    }
  }
}
