import Foundation

/// A Python that has jax, which compiles and runs StableHLO.
public enum JaxPython {
  /// Said where there is none.
  public static let absence = "no Python with jax: name one in DRNC_JAX_PYTHON after Tests/Oracle/install"

  /// The command line of a Python that finds jax, or `nil`.
  public static let found: [String]? = {
    let named = ProcessInfo.processInfo.environment["DRNC_JAX_PYTHON"].map { [$0] }
    let python = named ?? ["/usr/bin/env", "python3"]
    let question =
      "import importlib.util, sys; sys.exit(any(importlib.util.find_spec(n) is None for n in ['jax', 'jaxlib', 'numpy', 'safetensors']))"
    return (try? run(python + ["-c", question])) == 0 ? python : nil
  }()

  /// Runs `Tests/Engines/run_stablehlo.py` on a folder.
  public static func runStableHLO(_ folder: String) throws {
    guard let found else { throw TestFailure(description: absence) }
    let status = try run(found + ["-B", Repository.url("Tests/Engines/run_stablehlo.py").path, folder])
    guard status == 0 else { throw TestFailure(description: "run_stablehlo.py ended with status \(status)") }
  }

  private static func run(_ command: [String]) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: command[0])
    process.arguments = Array(command.dropFirst())
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
