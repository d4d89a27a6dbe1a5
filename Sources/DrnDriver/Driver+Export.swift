import DrnCompiler
import DrnDiagnostics
import DrnExport
import DrnInference
import DrnProgram
import DrnSource
import DrnSystem
import DrnTensorFile
import DrnTrain

/// What `drnc export` can write.
public enum ExportFormat: String, Sendable, CaseIterable {
  case onnx, pytorch, safetensors, npz

  /// What a name that is not given ends in: `NAME.safetensors` is where a module of PyTorch has its weights, in PyTorch's own layout.
  var ending: String { self == .safetensors ? ".weights.safetensors" : ".\(suffix)" }

  /// What the name of the file ends in.
  var suffix: String {
    switch self {
    case .onnx: "onnx"
    case .pytorch: "py"
    case .safetensors: "safetensors"
    case .npz: "npz"
    }
  }
}

/// What `drnc export` was asked.
public struct ExportRequest: Sendable {
  /// The folder of the run.
  public let run: String
  /// The format of the file.
  public let format: ExportFormat
  /// The file; `nil` for one named after the network in the current folder.
  public let output: String?
  /// Whether the factors of every weight are multiplied.
  public let merges: Bool
  /// The phase by its index, from 0; `nil` for that of the weights the run saved.
  public let phase: Int?
  /// Whether the preparation of values is a part of what is written.
  public let prepares: Bool
  /// Threads of the executor; results do not depend on them.
  public let threads: Int
  public init(
    run: String, format: ExportFormat, output: String? = nil, merges: Bool = false, phase: Int? = nil, prepares: Bool = true, threads: Int
  ) {
    (self.run, self.format, self.output, self.merges) = (run, format, output, merges)
    (self.phase, self.prepares, self.threads) = (phase, prepares, threads)
  }
}

extension Driver {
  /// `drnc export`.
  public func export(_ request: ExportRequest) -> ExitStatus {
    let compiler: PhaseCompiler
    switch self.compiler(ofRun: request.run) {
    case .failure(let status): return status
    case .success(let found): compiler = found
    }
    let program = compiler.program
    if let phase = request.phase, let problem = absence(of: phase, in: program) { return refuse(problem, .failure) }
    guard !program.data.source.hasLengths else {
      return refuse(
        Diagnostic(
          .exportRefused, "the examples of `\(program.data.name)` have lengths, and no format that is written has a place for them",
          at: nil,
          help: "train without `lengths: true` what is to be exported"), .badData)
    }
    var path = request.output ?? "\(program.network.name)\(request.format.ending)"
    // Python imports no module of another ending.
    if request.format == .pytorch, Path.fileExtension(of: Path.name(of: path)).isEmpty { path += "." + request.format.suffix }
    if let problem = refusal(of: path, request) { return refuse(problem, .cannotWrite) }
    do {
      let weights = try RunWeights(folder: request.run, compiler: compiler, phase: request.phase)
      console.output(try export(weights, compiler, request, to: path))
      return .success
    } catch let error as TrainError {
      return refuse(error.diagnostic(), error.kind.status)
    } catch let error as ExportError {
      return refuse(Diagnostic(error.kind.code, error.message, at: nil, help: error.help), error.kind.status)
    } catch { return refuse(Diagnostic(.defect, "\(error)", at: nil), .defect) }
  }

  /// What compiles the program of a run, from the folder of the run.
  func compiler(ofRun folder: String) -> Result<PhaseCompiler, ExitStatus> {
    guard Files.kind(folder) == .folder, let (invocation, text) = RunInvocation.read(from: folder) else {
      let problem = Files.exists(folder) ? "the folder `\(folder)` holds no run" : "there is no folder `\(folder)`"
      return .failure(refuse(Diagnostic(.runUnusable, problem, at: nil, help: "name the folder of a run, as `runs/mlp-1`"), .noInput))
    }
    if Files.exists(Path.join(folder, RunFolder.weights)) {
      do { return .success(PhaseCompiler(program: try TrainedModel(folder: folder).program)) } catch {
        return .failure(refuse(error.diagnostic(), error.kind.status))
      }
    }
    // A run that has not come to its end has checkpoints alone, and its files are where they were.
    return load(ProgramRequest(path: "").after(invocation), text: text).map { PhaseCompiler(program: $0.program) }
  }

  /// That a phase is not one of the program.
  func absence(of phase: Int, in program: CheckedProgram) -> Diagnostic? {
    guard !program.phases.indices.contains(phase) else { return nil }
    return Diagnostic(.noSuchPhase, "there is no phase \(phase); the program has phases 0 to \(program.phases.count - 1)", at: nil)
  }

  /// Why a file is not written there, before anything is computed.
  private func refusal(of path: String, _ request: ExportRequest) -> Diagnostic? {
    let folder = Path.folder(of: path)
    guard let place = try? Files.resolved(folder.isEmpty ? "." : folder), Files.kind(place) == .folder, Files.kind(path) != .folder else {
      return Diagnostic(
        .unwritableFile, "cannot write `\(path)`: it is a folder, or its folder is not there", at: nil, help: "name a file with --output")
    }
    if request.format == .pytorch, Path.fileExtension(of: Path.name(of: path)) == ExportFormat.safetensors.suffix {
      return Diagnostic(
        .unwritableFile, "`\(path)` is where the module has its weights beside it", at: nil, help: "name the file of Python, as `net.py`")
    }
    guard let run = try? Files.resolved(request.run), place == run || place.hasPrefix(run + "/") else { return nil }
    return Diagnostic(
      .unwritableFile, "`\(path)` lies in the folder of the run, which is left as it is", at: nil, help: "name another file with --output")
  }

  private func export(_ weights: RunWeights, _ compiler: PhaseCompiler, _ request: ExportRequest, to path: String) throws -> String {
    // Archives hold tensors alone.
    let prepares = request.prepares && [.onnx, .pytorch].contains(request.format)
    func network(isMerged: Bool) throws(ExportError) -> ExportedNetwork {
      try ExportedNetwork(weights, compiler, isMerged: isMerged, prepares: prepares, threads: request.threads)
    }
    let factored = try network(isMerged: false)
    let written = request.merges ? try network(isMerged: true) : factored
    let comparison = request.merges ? try MergeComparison(written, beside: factored, threads: request.threads) : nil
    let files: [(path: String, chunks: [[UInt8]])]
    switch request.format {
    case .onnx: files = [(path, [try written.onnx(version: Self.version)])]
    case .safetensors: files = [(path, try written.safetensors().encoded(path: path))]
    case .npz: files = [(path, try written.npz(path: path))]
    case .pytorch:
      let module = try written.pytorch(named: Path.name(of: path))
      files = [(module.weightsPath(beside: path), try module.weights.encoded(path: path)), (path, [Array(module.source.utf8)])]
    }
    var text = ""
    for (path, chunks) in files {
      do { try Files.replace(path, with: chunks) } catch { throw ExportError(.unwritable, "cannot write `\(path)`: \(error.reason)") }
      text += "\(path): \(chunks.reduce(0) { $0 + $1.count }) bytes\n"
    }
    text += "  weights of phase \(weights.phase) after step \(weights.step), from `\(weights.file)`\n"
    let merged = try (request.merges ? written : network(isMerged: true)).multiplyAdds()
    let operations = try factored.multiplyAdds()
    if operations != merged {
      let form = request.merges ? "merged" : "in their forms"
      text += "  multiply-adds of one example: \(operations) with the weights in their forms, \(merged) merged; written \(form)\n"
    }
    if let comparison {
      let examples = comparison.isOfValidation ? "of validation" : "drawn at random, since the data are not there"
      text +=
        "  merging changes an output by at most \(comparison.text) of the largest one, on \(comparison.examples) examples \(examples)\n"
    }
    return text
  }
}

extension ExportError.Kind {
  fileprivate var code: Code {
    switch self {
    case .refused: .exportRefused
    case .differs: .mergeDiffers
    case .unwritable: .unwritableFile
    case .defect: .defect
    }
  }

  fileprivate var status: ExitStatus {
    switch self {
    case .refused, .differs: .failure
    case .unwritable: .cannotWrite
    case .defect: .defect
    }
  }
}
