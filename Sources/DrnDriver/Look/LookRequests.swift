/// What `drnc report` was asked.
public struct ReportRequest: Sendable {
  /// What is written.
  public enum Format: String, Sendable, CaseIterable {
    case html, tensorboard
  }
  /// The run folders, in the order in which they are shown.
  public let runs: [String]
  public let format: Format
  /// The file, or of event files the folder; `-` for standard output.
  public let output: String?
  public init(runs: [String], format: Format = .html, output: String? = nil) {
    self.runs = runs
    self.format = format
    self.output = output
  }
}

/// What `drnc graph` was asked.
public struct GraphRequest: Sendable {
  /// The language of the drawing.
  public enum Format: String, Sendable, CaseIterable {
    case dot, svg
  }
  /// A program, or the folder of a run.
  public let program: ProgramRequest
  public let format: Format
  /// The phase by its index, from 0; the first of a program and the last of a run where nothing is said.
  public let phase: Int?
  /// The file; standard output where nothing is said.
  public let output: String?
  public init(program: ProgramRequest, format: Format = .svg, phase: Int? = nil, output: String? = nil) {
    self.program = program
    self.format = format
    self.phase = phase
    self.output = output
  }
}
