#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Files and folders by their paths, as the operating system has them. Any text may be given as a path: what is no path is not there.
public enum Files {
  /// What a path may lead to; `other` is a device, a pipe or a socket.
  public enum Kind: Sendable { case regular, folder, other }

  /// What is at a path, after symbolic links; `nil` where nothing is.
  public static func kind(_ path: String) -> Kind? {
    var status = stat()
    guard isPath(path), stat(path, &status) == 0 else { return nil }
    return kind(status)
  }

  /// Whether there is anything at a path, after symbolic links.
  public static func exists(_ path: String) -> Bool { kind(path) != nil }

  /// Whether a name is taken: by a symbolic link that leads nowhere too.
  public static func isTaken(_ path: String) -> Bool {
    var status = stat()
    return isPath(path) && lstat(path, &status) == 0
  }

  /// Whether the path itself is a symbolic link, wherever that leads.
  public static func isLink(_ path: String) -> Bool {
    var status = stat()
    return isPath(path) && lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  /// The bytes of a regular file, after symbolic links; `nil` for what is none.
  public static func size(_ path: String) -> Int? {
    var status = stat()
    guard isPath(path), stat(path, &status) == 0, kind(status) == .regular else { return nil }
    return Int(status.st_size)
  }

  /// The path after every symbolic link.
  public static func resolved(_ path: String) throws(SystemError) -> String {
    guard isPath(path), let resolved = realpath(path, nil) else { throw isPath(path) ? .last : missing }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// The names in a folder but `.` and `..`, in the order of their bytes.
  public static func names(in path: String) throws(SystemError) -> [String] {
    guard isPath(path), let folder = opendir(path) else { throw isPath(path) ? .last : missing }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Makes a folder; `isExisting` where the name is taken.
  public static func createFolder(_ path: String) throws(SystemError) {
    guard isPath(path) else { throw missing }
    if mkdir(path, 0o777) != 0 { throw .last }
  }

  /// Makes a folder and those it lies in, where they are not there.
  public static func createFolders(_ path: String) throws(SystemError) {
    guard isPath(path) else { throw missing }
    // A name that is too long, or leads through a file, is refused before anything is made on the way to it.
    var status = stat()
    guard stat(path, &status) == 0 || errno == ENOENT else { throw .last }
    guard kind(path) == nil || kind(path) == .folder else { throw SystemError(code: ENOTDIR) }
    // From the longest part that is there, without recursion: a path may have thousands of parts.
    var absent: [String] = []
    var part = path
    while !part.isEmpty, !exists(part) {
      absent.append(part)
      part = Path.folder(of: part)
    }
    for folder in absent.reversed() {
      do throws(SystemError) { try createFolder(folder) } catch {
        // Another process may have made it meanwhile.
        guard error.isExisting, kind(folder) == .folder else { throw error }
      }
    }
  }

  /// Removes a file that may not be there.
  public static func remove(_ path: String) throws(SystemError) {
    guard isPath(path), unlink(path) != 0, errno != ENOENT else { return }
    throw .last
  }

  /// Removes a folder that is empty, and may not be there.
  public static func removeFolder(_ path: String) throws(SystemError) {
    guard isPath(path), rmdir(path) != 0, errno != ENOENT else { return }
    throw .last
  }

  // MARK: Opening and reading

  /// A descriptor that processes started later do not inherit, and that makes no terminal the process's own.
  public static func open(_ path: String, _ flags: Int32) throws(SystemError) -> Int32 {
    guard isPath(path) else { throw missing }
    while true {
      let descriptor = systemOpen(path, flags | O_CLOEXEC | O_NOCTTY, 0o666)
      if descriptor >= 0 { return descriptor }
      if errno != EINTR { throw .last }
    }
  }

  /// A regular file to be read, with its size in bytes; `nil` for what is no regular file.
  public static func openRegular(_ path: String) throws(SystemError) -> (descriptor: Int32, size: Int)? {
    // Not blocking: opening a named pipe must not wait for a writer.
    let descriptor = try open(path, O_RDONLY | O_NONBLOCK)
    var status = stat()
    guard fstat(descriptor, &status) == 0, kind(status) == .regular else {
      close(descriptor)
      return nil
    }
    return (descriptor, Int(status.st_size))
  }

  /// Hands over the bytes of a file from its start to its end, in pieces of at most a mebibyte.
  public static func readPieces(_ path: String, _ body: (UnsafeRawBufferPointer) -> Void) throws(SystemError) {
    let descriptor = try open(path, O_RDONLY | O_NONBLOCK)
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = systemRead(descriptor, &buffer, buffer.count)
      if count == 0 { return }
      if count < 0 {
        if errno == EINTR { continue }
        throw .last
      }
      buffer.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0.prefix(count))) }
    }
  }

  /// The bytes of a file of any kind to its end; `nil` where they are more than `most`. A pipe that has no writer is at its end.
  public static func read(_ path: String, atMost most: Int) throws(SystemError) -> [UInt8]? {
    let descriptor = try open(path, O_RDONLY | O_NONBLOCK)
    defer { close(descriptor) }
    return try read(descriptor, atMost: most)
  }

  /// The bytes of a descriptor to its end, waiting for them; `nil` where they are more than `most`.
  public static func read(_ descriptor: Int32, atMost most: Int) throws(SystemError) -> [UInt8]? {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    // A device or pipe has no size to ask for beforehand.
    while bytes.count <= most {
      let count = systemRead(descriptor, &buffer, buffer.count)
      if count == 0 { return bytes }
      if count < 0 {
        if errno == EINTR { continue }
        guard errno == EAGAIN else { throw .last }
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        if poll(&request, 1, -1) < 0, errno != EINTR { throw .last }
        continue
      }
      bytes += buffer.prefix(count)
    }
    return nil
  }

  /// What a text with a zero byte, or nothing, names: no file can.
  static let missing = SystemError(code: ENOENT)

  /// The system would read a name only to its first zero byte, and take another file for it.
  static func isPath(_ path: String) -> Bool { !path.isEmpty && !path.utf8.contains(0) }

  private static func kind(_ status: stat) -> Kind {
    switch status.st_mode & S_IFMT {
    case S_IFREG: .regular
    case S_IFDIR: .folder
    default: .other
    }
  }
}

// Within `Files` the names are those of its own methods.
private func systemOpen(_ path: String, _ flags: Int32, _ mode: mode_t) -> Int32 { open(path, flags, mode) }
private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int { read(descriptor, buffer, count) }
