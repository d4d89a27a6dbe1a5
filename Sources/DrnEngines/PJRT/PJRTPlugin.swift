import CPJRT

/// A plugin of XLA, opened at run time, with its devices.
final class PJRTPlugin {
  fileprivate let handle: OpaquePointer
  /// Of this process.
  let devices: [UnsafeMutableRawPointer]
  /// As `cpu` or `cuda`.
  let platform: String
  /// What it says of its own version, on one line.
  let version: String

  /// Opens the library at `path`, over so many processors where it is one for processors.
  init(path: String, processors: Int) throws(EngineError) {
    var (opened, failure) = (OpaquePointer?.none, PJRT_FAILED)
    let message = pjrt_open(path, Int64(processors), &opened, &failure)
    guard let handle = opened else {
      let reason = Self.taken(message)
      guard failure != PJRT_VERSION else {
        throw EngineError(.version, "`\(path)` cannot be used: \(reason)", help: "take a plugin of version 0.33 or later")
      }
      throw EngineError(
        failure == PJRT_MEMORY ? .memory : .missing, "`\(path)` cannot be started: \(Self.firstLine(reason))",
        help: "name the library of a PJRT plugin, as `xla_cuda_plugin.so` of the Python package jax-cuda13-pjrt",
        notes: Self.furtherLines(reason))
    }
    self.handle = handle
    do throws(EngineError) {
      var (name, version) = (PJRTText(), PJRTText())
      try Self.check(pjrt_platform(handle, &name, &version), PJRT_FAILED)
      (platform, self.version) = (Self.string(name), Self.firstLine(Self.string(version)))
      var (first, count) = (UnsafePointer<UnsafeMutableRawPointer?>?.none, 0)
      try Self.check(pjrt_devices(handle, &first, &count), PJRT_FAILED)
      devices = UnsafeBufferPointer(start: first, count: count).compactMap { $0 }
    } catch {
      pjrt_close(handle)
      throw EngineError(.missing, "`\(path)` cannot be started: \(error.message)", notes: error.notes)
    }
  }

  /// The minor version of the interface that the plugin was built with.
  var interface: Int { Int(pjrt_minor_version(handle)) }

  /// The kind of a device, as its maker calls it.
  func kind(of device: UnsafeMutableRawPointer) throws(EngineError) -> String {
    var kind = PJRTText()
    try Self.check(pjrt_device_kind(handle, device, &kind), PJRT_FAILED)
    return Self.string(kind)
  }

  fileprivate static func check(_ message: UnsafeMutablePointer<CChar>?, _ failure: PJRTFailure) throws(EngineError) {
    guard let message else { return }
    let reason = taken(message)
    if failure == PJRT_MEMORY {
      throw EngineError(
        .memory, "the device has too little memory: \(firstLine(reason))", help: "lower `batch` or the ranks, or take more devices")
    }
    throw EngineError(.failed, "the plugin reports: \(firstLine(reason))", notes: furtherLines(reason))
  }

  /// A message, freed.
  private static func taken(_ message: UnsafeMutablePointer<CChar>?) -> String {
    guard let message else { return "it gives no reason" }
    defer { pjrt_free_message(message) }
    return String(cString: message)
  }

  private static func string(_ text: PJRTText) -> String {
    String(decoding: UnsafeRawBufferPointer(start: text.start, count: text.count), as: UTF8.self)
  }

  private static func firstLine(_ text: String) -> String { text.split(separator: "\n").first.map(String.init) ?? text }
  private static func furtherLines(_ text: String) -> [String] {
    text.split(separator: "\n").dropFirst().prefix(6).map(String.init)
  }

  deinit { pjrt_close(handle) }
}

/// An array on one device. The executable of a step takes over the memory of those it is given to replace.
final class PJRTBuffer {
  fileprivate let pointer: UnsafeMutableRawPointer
  private let plugin: PJRTPlugin

  fileprivate init(_ pointer: UnsafeMutableRawPointer, _ plugin: PJRTPlugin) { (self.pointer, self.plugin) = (pointer, plugin) }

  /// A dense array in row-major order, copied to the device of that number.
  convenience init(
    _ plugin: PJRTPlugin, device: Int, _ data: UnsafeRawBufferPointer, _ element: PJRTElement, _ extents: [Int]
  ) throws(EngineError) {
    var (made, failure) = (UnsafeMutableRawPointer?.none, PJRT_FAILED)
    // An empty array may have no address, and nothing is read of it.
    var nothing: UInt64 = 0
    let message = withUnsafePointer(to: &nothing) { nothing in
      pjrt_put(
        plugin.handle, plugin.devices[device], data.baseAddress ?? UnsafeRawPointer(nothing), element, extents.map(Int64.init),
        extents.count, &made, &failure)
    }
    try PJRTPlugin.check(message, failure)
    guard let made else { throw EngineError(.failed, "the plugin made no array") }
    self.init(made, plugin)
  }

  /// Fills `data` with its elements in row-major order; it has so many axes.
  func read(axes: Int, into data: UnsafeMutableRawBufferPointer) throws(EngineError) {
    guard let start = data.baseAddress else { return }
    var failure = PJRT_FAILED
    try PJRTPlugin.check(pjrt_get(plugin.handle, pointer, axes, start, data.count, &failure), failure)
  }

  deinit { pjrt_free_buffer(plugin.handle, pointer) }
}

/// A compiled function.
final class PJRTExecutable {
  private let pointer: UnsafeMutableRawPointer
  private let plugin: PJRTPlugin
  private let devices: Int
  private let resultCount: Int

  /// Compiles a module of StableHLO for the first devices, as many.
  init(_ plugin: PJRTPlugin, _ text: String, devices: Int, resultCount: Int) throws(EngineError) {
    (self.plugin, self.devices, self.resultCount) = (plugin, devices, resultCount)
    let options = Self.options(devices: devices)
    var (made, failure) = (UnsafeMutableRawPointer?.none, PJRT_FAILED)
    let code = Array(text.utf8CString)
    try PJRTPlugin.check(
      pjrt_compile(plugin.handle, code, code.count - 1, options, options.count, &made, &failure), failure)
    guard let made else { throw EngineError(.failed, "the plugin compiled nothing") }
    pointer = made
  }

  /// CompileOptionsProto, in which `executable_build_options` (3) has one replica (4), a partition for each device (5) and, where there are several,
  /// partitioning (6) by Shardy (19).
  static func options(devices: Int) -> [UInt8] {
    var (count, partitions) = (UInt64(devices), [UInt8]())
    while count > 0x7F {
      partitions.append(UInt8(count & 0x7F) | 0x80)
      count >>= 7
    }
    partitions.append(UInt8(count))
    let build: [UInt8] = [4 << 3, 1, 5 << 3] + partitions + (devices > 1 ? [6 << 3, 1, 0x98, 0x01, 1] : [])
    return [3 << 3 | 2, UInt8(build.count)] + build
  }

  /// Runs it on the arguments of each device, and returns the results of each.
  func run(_ arguments: [[PJRTBuffer]]) throws(EngineError) -> [[PJRTBuffer]] {
    let given = arguments.joined().map { Optional($0.pointer) }
    var (results, failure) = ([UnsafeMutableRawPointer?](repeating: nil, count: devices * resultCount), PJRT_FAILED)
    let message = withExtendedLifetime(arguments) {
      pjrt_run(plugin.handle, pointer, devices, given, arguments[0].count, &results, resultCount, &failure)
    }
    try PJRTPlugin.check(message, failure)
    let made = results.compactMap { $0.map { PJRTBuffer($0, plugin) } }
    guard made.count == results.count else { throw EngineError(.failed, "the plugin gave \(made.count) of \(results.count) results") }
    return (0..<devices).map { Array(made[$0 * resultCount..<($0 + 1) * resultCount]) }
  }

  deinit { pjrt_free_executable(plugin.handle, pointer) }
}
