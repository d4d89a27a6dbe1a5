extension Code {
  /// Every code drnc can report, in numeric order. A test holds that numbers and names are unique and that each has a page.
  public static let all: [Code] =
    files + commandLine + syntax + names + schedules + data + lints + planning + training + checkpoints + verifier
  /// Those about a program, which the checker reports.
  public static let ofPrograms: [Code] = files + names + schedules + data + lints
}
