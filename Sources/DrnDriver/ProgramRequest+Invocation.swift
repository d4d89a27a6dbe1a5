import DrnSema
import DrnSource
import DrnSystem
import DrnTrain

extension ProgramRequest {
  /// As a run folder keeps it, with the texts of what the program imports.
  func invocation(keeping loaded: Driver.Loaded) -> RunInvocation {
    let place = (try? Files.resolved(".")) ?? ""
    var invocation = RunInvocation(
      file: path == "-" ? path : Path.join(place, path), training: training, overrides: overrides, shorten: shorten, seed: seed,
      levels: ["allow": lints.allowed, "warn": lints.warned, "deny": lints.denied])
    // The texts of overrides are kept apart, in `set`.
    let texts = Set(overrides.compactMap(CheckOptions.Override.init).map { "--set \($0.key)" })
    invocation.imports = loaded.sources.files.filter { $0.id != loaded.file && !texts.contains($0.name) }
      .map { String(decoding: $0.bytes, as: UTF8.self) }
    return invocation
  }

  /// A kept request with what is given now over it.
  func after(_ kept: RunInvocation) -> ProgramRequest {
    let levels = LintRequest(
      allowed: (kept.levels["allow"] ?? []) + lints.allowed, warned: (kept.levels["warn"] ?? []) + lints.warned,
      denied: (kept.levels["deny"] ?? []) + lints.denied)
    return ProgramRequest(
      path: kept.file, training: training ?? kept.training, overrides: kept.overrides + overrides, shorten: shorten ?? kept.shorten,
      seed: seed ?? kept.seed
    ).with(levels)
  }
}
