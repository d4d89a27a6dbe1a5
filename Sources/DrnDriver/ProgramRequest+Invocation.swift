import DrnSystem
import DrnTrain

extension ProgramRequest {
  /// As a run folder keeps it.
  var invocation: RunInvocation {
    let place = (try? Files.resolved(".")) ?? ""
    return RunInvocation(
      file: path == "-" ? path : Path.join(place, path), training: training, overrides: overrides, shorten: shorten, seed: seed,
      levels: ["allow": lints.allowed, "warn": lints.warned, "deny": lints.denied])
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
