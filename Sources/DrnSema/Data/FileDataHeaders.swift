import DrnData
import DrnDiagnostics
import Foundation

/// Reads the headers of the data files on this machine.
public struct FileDataHeaders: DataHeaders {
  public init() {}

  public func look(_ request: DataRequest) -> DataFinding {
    do throws(DataError) {
      let header = try header(request)
      return .found(
        DataFacts(examples: header.examples, shape: header.shape, classes: header.classes, hasExactClasses: header.hasExactClasses))
    } catch {
      let place = error.path.isEmpty ? "" : error.path + ": "
      guard error.kind == .missingFile else {
        return .unusable(place + error.message, help: error.help, problem: DataProblem(error.kind), correction: correction(error))
      }
      return .absent(place + error.message, correction: request.source.paths.lazy.compactMap { nearestPath($0, in: request.folder) }.first)
    }
  }

  private func header(_ request: DataRequest) throws(DataError) -> DataHeader {
    let task: LearningTask = request.classes == nil ? .regression : .classification
    func path(_ name: String) -> String { resolvedPath(name, in: request.folder) }
    switch request.source {
    case .idx(let folder): return try IDXFolder(path: path(folder), classes: request.classes).train.header()
    case .idxFiles(let features, let labels, _, _):
      return try IDXReader(images: path(features), labels: path(labels), classes: request.classes).header()
    case .csv(let train, _, let label):
      let options = CSVOptions(target: .name(label), task: task, classes: request.classes, shape: request.shape)
      return try CSVReader(path: path(train), options: options).header()
    case .npy(let features, let labels, _, _):
      return try NumpyReader(
        features: .file(path(features)), targets: .file(path(labels)), task: task, classes: request.classes, shape: request.shape
      ).header()
    case .npz(let file, let features, let labels, _, _):
      return try NumpyReader(
        features: .entry(features, in: path(file)), targets: .entry(labels, in: path(file)), task: task, classes: request.classes,
        shape: request.shape
      ).header()
    case .cifar(let folder, let coarse): return try CIFARFolder(path: path(folder), coarse: coarse).train.header()
    case .cifarFiles(let train, _, let variant): return try CIFARReader(paths: [path(train)], variant: variant).header()
    case .images(let folder, let share): return try ImageFolderReader(path: path(folder), testShare: share).header()
    case .synthetic(let examples, _, _): return DataHeader(examples: examples, shape: request.shape, classes: request.classes)
    }
  }
}

/// The nearest of the names a file has, to the one that was asked for.
private func correction(_ error: DataError) -> DataCorrection? {
  guard let missing = error.missing, let meant = Suggestion.nearest(to: missing.name, in: missing.known) else { return nil }
  return DataCorrection(written: missing.name, meant: meant)
}

/// A path that is there and differs from one that is not in the first part of its name that does not exist.
private func nearestPath(_ written: String, in folder: String) -> DataCorrection? {
  let parts = written.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
  let files = FileManager.default
  func path(_ count: Int) -> String { resolvedPath(parts.prefix(count).joined(separator: "/"), in: folder) }
  guard !files.fileExists(atPath: path(parts.count)),
    let first = parts.indices.first(where: { !parts[$0].isEmpty && !files.fileExists(atPath: path($0 + 1)) })
  else { return nil }
  let parent = first == 0 ? folder : path(first)
  let names = ((try? files.contentsOfDirectory(atPath: parent.isEmpty ? "/" : parent)) ?? []).sorted()
  guard let nearest = Suggestion.nearest(to: parts[first], in: names) else { return nil }
  let meant = (parts[..<first] + [nearest] + parts[(first + 1)...]).joined(separator: "/")
  return files.fileExists(atPath: resolvedPath(meant, in: folder)) ? DataCorrection(written: written, meant: meant) : nil
}

extension DataSettings.Source {
  /// The files and folders it names, as written.
  fileprivate var paths: [String] {
    switch self {
    case .idx(let folder), .cifar(let folder, _), .images(let folder, _): [folder]
    case .idxFiles(let features, let labels, let testFeatures, let testLabels),
      .npy(let features, let labels, let testFeatures, let testLabels):
      [features, labels] + [testFeatures, testLabels].compactMap { $0 }
    case .csv(let train, let test, _), .cifarFiles(let train, let test, _): [train] + [test].compactMap { $0 }
    case .npz(let file, _, _, _, _): [file]
    case .synthetic: []
    }
  }
}

/// The path a name of a source file stands for: itself when it is absolute, else within the folder.
public func resolvedPath(_ name: String, in folder: String) -> String {
  name.hasPrefix("/") || folder.isEmpty || folder == "." ? name : folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
}
