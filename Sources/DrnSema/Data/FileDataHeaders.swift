import DrnData

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
      return error.kind == .missingFile
        ? .absent(place + error.message) : .unusable(place + error.message, help: error.help, problem: DataProblem(error.kind))
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

/// The path a name of a source file stands for: itself when it is absolute, else within the folder.
public func resolvedPath(_ name: String, in folder: String) -> String {
  name.hasPrefix("/") || folder.isEmpty || folder == "." ? name : folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
}
