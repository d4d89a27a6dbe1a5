import DrnSystem

/// A folder with one folder of images for each class, found but not read.
struct ImageFolder: Equatable {
  /// The names of the classes: those of the folders, in the order of their bytes.
  let classes: [String]
  /// The images of each class, in the order of their names' bytes.
  let files: [[String]]
  let path: String

  static let extensions = ["png", "jpg", "jpeg"]

  /// Lists the folder. Names that begin with a dot are passed over, as are plain files beside the class folders. In a class
  /// folder everything else must be an image by its name.
  init(path: String) throws(DataError) {
    let classes = try Self.folders(in: path)
    guard !classes.isEmpty else {
      throw DataError(
        kind: .empty, path: path, message: "has no folder in it", help: "put the images of each class into a folder of its own")
    }
    var files: [[String]] = []
    for name in classes { files.append(try Self.images(in: path + "/" + name)) }
    self.classes = classes
    self.files = files
    self.path = path
  }

  var count: Int { files.reduce(0) { $0 + $1.count } }

  /// The folders in a folder, in the order of their names' bytes.
  static func folders(in path: String) throws(DataError) -> [String] {
    try entries(of: path).filter { isFolder(path + "/" + $0) }
  }

  static func isFolder(_ path: String) -> Bool { Files.kind(path) == .folder }

  private static func images(in folder: String) throws(DataError) -> [String] {
    let names = try entries(of: folder)
    guard !names.isEmpty else {
      throw DataError(kind: .empty, path: folder, message: "is a class without an image", help: "remove the folder, or fill it")
    }
    for name in names {
      guard extensions.contains(Path.fileExtension(of: name).lowercased()), !isFolder(folder + "/" + name) else {
        throw DataError(
          kind: .unsupported, path: folder + "/" + name, message: "is not named as a PNG or JPEG image is",
          help: "a class folder holds files ending in .png, .jpg or .jpeg and nothing else")
      }
    }
    return names.map { folder + "/" + $0 }
  }

  private static func entries(of path: String) throws(DataError) -> [String] {
    do { return try Files.names(in: path).filter { !$0.hasPrefix(".") } } catch {
      if error.isMissing { throw DataError(kind: .missingFile, path: path, message: "there is no such folder") }
      throw DataError(kind: .unreadable, path: path, message: "cannot be read: \(error.reason)")
    }
  }
}
