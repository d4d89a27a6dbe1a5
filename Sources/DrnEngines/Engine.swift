import DrnCPU
import DrnIR
import DrnSource

/// What runs the functions of a phase: drnc's own executor, or another system that is told them.
///
/// Everything else is drnc's whoever runs: data, schedules, transitions, events, logs and checkpoints.
public protocol Engine: AnyObject {
  /// What its numbers depend on beside the program; `nil` where they depend on nothing of it.
  var identity: EngineIdentity? { get }

  /// The functions of those names, ready to run on what lies in the ports of `host`, which is made for the same functions. `portable` gives them at the
  /// stage `portable`, for an engine that has to be told them.
  func program(
    _ functions: [String], host: Segment, portable: (_ devices: Int) throws(IRError) -> Module
  ) throws(EngineError) -> any EngineProgram
}

/// The functions of one phase at fixed ranks in an engine.
///
/// The ports of its host are where batches, scalars and keys are put and where outputs are found. The tensors that live across steps are the engine's
/// between `load` and `store`.
public protocol EngineProgram: AnyObject {
  /// Whether the engine runs that function; what it does not run is run by the host.
  func runs(_ function: String) -> Bool
  /// Runs a function once.
  func run(_ function: String) throws(EngineError)
  /// Takes over the tensors that live across steps from the ports of the host.
  func load() throws(EngineError)
  /// Puts them back there, as they are after the last run.
  func store() throws(EngineError)
  /// Whether the tensors lie in the host's own ports at all times, so that `load` and `store` do nothing.
  var isHost: Bool { get }
}

/// On what the bytes of a run by an engine depend.
public struct EngineIdentity: Hashable, Sendable {
  /// As `--engine` names it.
  public let name: String
  /// Of the engine.
  public let version: String
  /// What kind of device it runs on, as it says itself.
  public let device: String
  /// Over how many of them a batch is divided, of all processes together.
  public let devices: Int
  /// Processes that train together.
  public let processes: Int
  /// Whether each device has its own part of the optimizer state, by which sums are made elsewhere.
  public let dividesState: Bool
  public init(name: String, version: String, device: String, devices: Int, processes: Int, dividesState: Bool = false) {
    (self.name, self.version, self.device, self.devices, self.processes) = (name, version, device, devices, processes)
    self.dividesState = dividesState
  }
}

/// Why an engine cannot start or go on.
public struct EngineError: Error, Sendable {
  /// What went wrong, on which the code of the diagnostic depends.
  public enum Kind: Sendable {
    /// The engine is not there: no interpreter, no library, no device.
    case missing
    /// It is there in a version that is not known to work.
    case version
    /// Memory of the device does not suffice.
    case memory
    /// It ended, or reported an error.
    case failed
    /// A step has an operation that it is not told.
    case unable
    /// The host's executor.
    case host(ExecutionError)
    /// A function that is not there, or an answer that is none.
    case defect
  }
  /// What went wrong.
  public let kind: Kind
  /// One sentence, beginning small and without a stop.
  public let message: String
  /// What to do about it.
  public let help: String?
  /// What the engine said, line by line.
  public let notes: [String]
  /// The layer or clause it concerns, where one does.
  public let location: Span?
  public init(_ kind: Kind, _ message: String, help: String? = nil, notes: [String] = [], location: Span? = nil) {
    (self.kind, self.message, self.help, self.notes, self.location) = (kind, message, help, notes, location)
  }
  /// An error of the host.
  public init(_ error: ExecutionError) { self.init(.host(error), "\(error)") }
}
