import DrnCompiler
import DrnIR
import DrnJSON
import DrnLowering
import DrnMethods
import DrnProgram
import DrnStableHLO

/// The functions of some phases as files of StableHLO, with one that says what each takes and gives.
public struct StableHLOBundle: Sendable {
  /// A function that is left to drnc.
  public struct Omission: Hashable, Sendable {
    /// Its phase.
    public let phase: Int
    /// Its name.
    public let function: String
    /// Why, in words.
    public let reason: String
  }
  /// The files of the folder by their names, in order; `manifest.json` is the last one.
  public private(set) var files: [(name: String, text: String)] = []
  /// The renewals of state that need what no step does, as a singular value decomposition.
  public private(set) var omissions: [Omission] = []

  /// The phases by their indices, each with its ranks, for so many devices, which have a part each of the optimizer state where `dividesState` says so.
  ///
  /// Throws `TranslationError` at an operation of a step or an evaluation that StableHLO has no counterpart of, and `IRError` for a defect of drnc.
  public init(
    _ compiler: PhaseCompiler, phases: [(index: Int, ranks: [Int])], devices: Int, dividesState: Bool = false, version: String
  ) throws {
    var listed: [JSON] = []
    let renewals = Set(try phases.flatMap { try compiler.lowering.renewals(phase: $0.index).map(\.function) })
    for phase in phases {
      let module = try compiler.portable(phase: phase.index, ranks: phase.ranks, devices: devices)
      var functions: [JSON] = []
      for function in module.functions {
        let made: StableHLOProgram
        do throws(TranslationError) { made = try StableHLOProgram(function, devices: devices, dividesState: dividesState) } catch {
          guard renewals.contains(where: { function.name.hasPrefix($0) }) else { throw error }
          omissions.append(Omission(phase: phase.index, function: function.name, reason: error.message))
          continue
        }
        let name = "phase-\(phase.index).\(function.name).mlir"
        files.append((name, made.text))
        functions.append(.object([JSON.Member("file", .string(name))] + Self.members(made.manifest.json)))
      }
      listed.append(
        .make([
          "phase": .integer(phase.index), "ranks": Self.ranks(compiler, phase.index, phase.ranks), "functions": .array(functions),
        ]))
    }
    let manifest: JSON = .make([
      "drnc": .string(version), "network": .string(compiler.program.network.name), "devices": .integer(devices), "phases": .array(listed),
    ])
    files.append(("manifest.json", manifest.encoded + "\n"))
  }

  private static func members(_ json: JSON) -> [JSON.Member] { if case .object(let members) = json { members } else { [] } }

  /// By name the ranks of the weights that have one.
  private static func ranks(_ compiler: PhaseCompiler, _ phase: Int, _ ranks: [Int]) -> JSON {
    .fields(
      zip(compiler.program.weights, ranks).enumerated().compactMap { index, pair in
        compiler.program.form(of: index, phase: phase, ranks: ranks).reportsRank ? (pair.0.name, JSON.integer(pair.1)) : nil
      })
  }
}
