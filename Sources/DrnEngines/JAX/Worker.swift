import DrnCPU
import DrnJSON
import DrnSystem

/// A worker and the frames that pass between drnc and it.
final class Worker {
  private let process: ChildProcess
  /// Where it writes what goes wrong.
  private let messages: String
  /// An error after which it is not asked again.
  private var fault: EngineError?

  /// What it says of itself when it is ready.
  let greeting: JSON

  /// The longest head of a frame: names and shapes of some ten thousand tensors.
  private static let longestHead = 64 << 20
  /// The longest array: far above what any machine holds.
  private static let longestArray = 1 << 46

  /// Starts a worker over so many devices, 0 for those it finds, and waits until it is ready.
  init(python: String, devices: Int, launch: ProcessLaunch, environment: [String: String], messages: String) throws(EngineError) {
    self.messages = messages
    let help = "install jax with `python3 -m pip install jax`, or `jax[cuda13]` for a GPU, and name the Python in DRNC_JAX_PYTHON"
    do throws(SystemError) {
      process = try ChildProcess(
        "/usr/bin/env", [python, "-u", "-c", WorkerScript.text, "\(devices)", "\(launch.processes)", "\(launch.process)"],
        environment: environment, messages: messages, isPiped: true)
    } catch { throw EngineError(.missing, "`\(python)` cannot be started: \(error.reason)", help: help) }
    do throws(EngineError) {
      greeting = try Self.frame(from: process, sizes: { _ in nil }).head
    } catch {
      throw EngineError(.missing, "`\(python)` ended before jax was ready", help: help, notes: Self.lines(of: messages))
    }
    if let error = greeting["error"]?.text {
      throw EngineError(.missing, "`\(python)` has no jax that can start: \(Self.firstLine(error))", help: help)
    }
  }

  /// Asks, and returns the arrays of the answer, whose sizes in bytes are `sizes`.
  func ask(_ head: [UInt8], _ arrays: [[UInt8]], sizes: [Int]) throws(EngineError) -> [[UInt8]] {
    if let fault { throw fault }
    do throws(EngineError) {
      let length = UInt32(head.count).littleEndian
      let prefix = withUnsafeBytes(of: length) { Array($0) }
      guard process.send([prefix, head] + arrays) else { throw ended() }
      let (answer, data) = try Self.frame(from: process) { $0 == sizes ? $0 : nil }
      if let error = answer["error"]?.text { throw Self.reported(error) }
      guard data.count == sizes.count else {
        throw EngineError(.defect, "the worker gave \(data.count) arrays where \(sizes.count) are due")
      }
      return data
    } catch {
      let known = error.message == Self.silence ? ended() : error
      if case .failed = known.kind { fault = known }
      throw known
    }
  }

  /// The head of a request.
  static func head(_ action: String, _ members: [(String, JSON)], sizes: [Int]) -> [UInt8] {
    JSON.fields([("do", .string(action))] + members + [("sizes", .array(sizes.map { .integer($0) }))]).bytes
  }

  private static let silence = "the worker ended"

  /// Reads a frame; `sizes` says whether what is announced is what is due.
  private static func frame(
    from process: ChildProcess, sizes due: ([Int]) -> [Int]?
  ) throws(EngineError) -> (head: JSON, data: [[UInt8]]) {
    guard let prefix = process.receive(4) else { throw EngineError(.failed, silence) }
    let length = prefix.reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= longestHead, let bytes = process.receive(length) else { throw EngineError(.failed, silence) }
    let head: JSON
    do throws(JSONError) { head = try JSON(reading: bytes) } catch {
      throw EngineError(.defect, "the worker's answer is no JSON: \(error.message)")
    }
    let announced = (head["sizes"]?.items ?? []).compactMap(\.whole)
    guard head["error"] == nil, !announced.isEmpty else { return (head, []) }
    guard let sizes = due(announced), sizes.allSatisfy({ (0...longestArray).contains($0) }) else {
      throw EngineError(.defect, "the worker's answer has arrays of \(announced) bytes, which are not those that are due")
    }
    var data: [[UInt8]] = []
    for size in sizes {
      guard let array = process.receive(size) else { throw EngineError(.failed, silence) }
      data.append(array)
    }
    return (head, data)
  }

  /// That the worker is no more, with how it ended and the last that it wrote.
  private func ended() -> EngineError {
    let how: String
    switch process.wait() {
    case .status(let status): how = "with status \(status)"
    case .signal(let number): how = "by signal \(number)"
    }
    return EngineError(.failed, "the worker of jax ended \(how)", notes: Self.lines(of: messages))
  }

  private static func reported(_ text: String) -> EngineError {
    if text.contains("RESOURCE_EXHAUSTED") {
      return EngineError(
        .memory, "the device has too little memory: \(firstLine(text))", help: "lower `batch` or the ranks, or take more devices")
    }
    return EngineError(
      .failed, "jax reports: \(firstLine(text))", notes: text.split(separator: "\n").dropFirst().prefix(6).map(String.init))
  }

  private static func firstLine(_ text: String) -> String { text.split(separator: "\n").first.map(String.init) ?? text }

  /// The last lines of what a worker wrote.
  private static func lines(of path: String) -> [String] {
    let text = (try? Files.read(path, atMost: 1 << 24)).flatMap { $0 }.map { String(decoding: $0, as: UTF8.self) } ?? ""
    return text.split(separator: "\n").suffix(6).map(String.init)
  }

  // The worker ends by itself when its input does.
  deinit { try? Files.remove(messages) }
}
