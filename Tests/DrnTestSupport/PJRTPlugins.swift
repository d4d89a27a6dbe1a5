import Foundation

/// Plugins of XLA for processors, of the Python packages that `Tests/Oracle/install` installs.
public enum PJRTPlugins {
  /// Said where there is none.
  public static let absence = "no plugins: name a Python that has them in DRNC_JAX_PYTHON after Tests/Oracle/install"

  /// Their paths; of two makers and two versions of the interface.
  public static let found: [String] = {
    guard let python = ProcessInfo.processInfo.environment["DRNC_JAX_PYTHON"] else { return [] }
    let libraries = URL(fileURLWithPath: python).deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("lib")
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: libraries.path)) ?? []
    return versions.flatMap { version in
      ["lammps_jax_pjrt_cpu/pjrt_c_api_cpu_plugin.so", "fastatomstruct_xla_cpu/libpjrt_cpu.so"].map {
        libraries.appendingPathComponent("\(version)/site-packages/\($0)").path
      }
    }.filter { FileManager.default.fileExists(atPath: $0) }
  }()
}
