import DrnCPU
import DrnIR

/// drnc's own executor, on the processors of this machine.
public final class CPUEngine: Engine {
  public init() {}

  /// Its bytes depend on the kind of processor alone, which is said of every run.
  public var identity: EngineIdentity? { nil }

  public func program(
    _ functions: [String], host: Segment, portable: (Int) throws(IRError) -> Module
  ) throws(EngineError) -> any EngineProgram {
    do throws(ExecutionError) { return try CPUProgram(functions, host) } catch { throw EngineError(error) }
  }
}

/// Functions that run where they lie.
private final class CPUProgram: EngineProgram {
  private let entries: [String: Segment.Entry]

  init(_ functions: [String], _ host: Segment) throws(ExecutionError) {
    var entries: [String: Segment.Entry] = [:]
    for name in functions { entries[name] = try host.entry(name) }
    self.entries = entries
  }

  let isHost = true
  func runs(_ function: String) -> Bool { entries[function] != nil }
  func load() {}
  func store() {}

  func run(_ function: String) throws(EngineError) {
    guard let entry = entries[function] else { throw EngineError(.unknownFunction(function)) }
    do throws(ExecutionError) { try entry.run() } catch { throw EngineError(error) }
  }
}
