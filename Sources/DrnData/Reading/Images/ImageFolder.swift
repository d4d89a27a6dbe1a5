import Foundation

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

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  private static func images(in folder: String) throws(DataError) -> [String] {
    let names = try entries(of: folder)
    guard !names.isEmpty else {
      throw DataError(kind: .empty, path: folder, message: "is a class without an image", help: "remove the folder, or fill it")
    }
    for name in names {
      guard extensions.contains((name as NSString).pathExtension.lowercased()), !isFolder(folder + "/" + name) else {
        throw DataError(
          kind: .unsupported, path: folder + "/" + name, message: "is not named as a PNG or JPEG image is",
          help: "a class folder holds files ending in .png, .jpg or .jpeg and nothing else")
      }
    }
    return names.map { folder + "/" + $0 }
  }

  private static func entries(of path: String) throws(DataError) -> [String] {
    guard let folder = opendir(path) else {
      if errno == ENOENT || errno == ENOTDIR { throw DataError(kind: .missingFile, path: path, message: "there is no such folder") }
      throw DataError(kind: .unreadable, path: path, message: "cannot be read: \(String(cString: strerror(errno)))")
    }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
