import DrnCPU
import DrnCompiler
import DrnData
import DrnDiagnostics
import DrnIR
import DrnJSON
import DrnLowering
import DrnProgram
import DrnSema
import DrnSource
import DrnSystem
import DrnTensorFile
import DrnTrain

/// A trained network as its run folder keeps it, ready to be used: nothing else is read, so that the folder may be copied and its data be gone.
///
/// The program is checked again from `source.drn` and `run.json`, with what its data files said of themselves at the time; weights, ranks, phase
/// and the description of inputs and outputs are those of `weights.safetensors`. What is computed is the function `evaluate` of the phase in whose
/// forms the run left its weights, which is what it tested.
public struct TrainedModel: Sendable {
  /// The run folder, as it was given.
  public let folder: String
  /// The program that was trained.
  public let program: CheckedProgram
  /// Its texts.
  public let sources: SourceMap
  /// How an example becomes an input, and what the outputs stand for.
  package let contents: ModelContents
  /// The phase in whose forms the weights are.
  public let phase: Int
  /// The rank of every weight there, 0 for a form without one; then the further extents of `CheckedProgram.extents`.
  public let ranks: [Int]
  /// The updates the weights have had.
  public let step: Int
  /// What compiles its functions; copies share what is compiled.
  public let compiler: PhaseCompiler
  /// Parameters and buffers, by name, as they are used.
  let tensors: [String: [Float]]

  /// What the tokens of an example stand for, by number; `nil` where examples are made of numbers.
  public var vocabulary: [String]? { contents.vocabulary }

  /// Reads a run folder; whatever of it is missing or damaged is `runUnusable`.
  public init(folder: String) throws(TrainError) {
    self.folder = folder
    try Self.requireRun(folder)
    let file = try Self.weights(of: folder)
    contents = try Self.contents(of: file, folder)
    (program, sources) = try Self.program(of: folder, contents)
    // What was trained in half width is used in single precision where the processor has no other.
    compiler = PhaseCompiler(program: program.multipliesHalf && !Machine.multipliesHalf ? program.inSinglePrecision() : program)
    guard let phase = file.metadataValue(SavedWeights.phaseKey).flatMap({ Int($0) }), program.phases.indices.contains(phase),
      let ranks = file.metadataValue(SavedWeights.ranksKey).flatMap(RunProgress.integers), program.hasPossibleRanks(ranks)
    else { throw Self.damaged(folder, RunFolder.weights, "does not say which phase and ranks its tensors are of") }
    (self.phase, self.ranks) = (phase, ranks)
    step = file.metadataValue("drnc.step").flatMap { Int($0) } ?? 0
    tensors = try Self.tensors(file, compiler, phase: phase, ranks: ranks, folder)
  }

  // MARK: Parts

  private static func requireRun(_ folder: String) throws(TrainError) {
    switch Files.kind(folder) {
    case nil: throw TrainError(.inputMissing, "there is no folder `\(folder)`", help: "give the folder that `drnc train` wrote")
    case .folder: break
    case .regular, .other: throw TrainError(.runUnusable, "`\(folder)` is a file, and no folder of a run", help: "give the folder it is in")
    }
    guard RunFolder.isRun(folder) else {
      throw TrainError(.runUnusable, "the folder `\(folder)` holds no run", help: "give the folder that `drnc train` wrote")
    }
    guard Files.exists(Path.join(folder, RunFolder.weights)) else {
      if RunOutcome.hasDiverged(folder) {
        throw TrainError(
          .runUnusable, "the run in `\(folder)` diverged and left no `\(RunFolder.weights)`",
          help: "train again with a lower rate or with `clip: 1.0`, in a folder of its own")
      }
      throw TrainError(
        .runUnusable, "the run in `\(folder)` has not come to an end: it has no `\(RunFolder.weights)`",
        help: "`drnc train --resume \(folder)` goes on with it")
    }
  }

  private static func weights(of folder: String) throws(TrainError) -> TensorFile {
    guard fitsMemory(Path.join(folder, RunFolder.weights)) else {
      throw damaged(folder, RunFolder.weights, "is not a regular file, or larger than the memory of this machine")
    }
    do { return try TensorFile.read(path: Path.join(folder, RunFolder.weights)) } catch {
      throw damaged(folder, RunFolder.weights, error.message)
    }
  }

  private static func contents(of file: TensorFile, _ folder: String) throws(TrainError) -> ModelContents {
    guard let text = file.metadataValue(ModelDescription.metadataKey) else {
      throw damaged(folder, RunFolder.weights, "says nothing of inputs and outputs (`\(ModelDescription.metadataKey)`)")
    }
    let json: JSON
    do { json = try JSON(reading: Array(text.utf8)) } catch {
      throw damaged(folder, RunFolder.weights, "has a description of inputs and outputs that is not JSON")
    }
    do { return try ModelContents(json) } catch {
      throw damaged(folder, RunFolder.weights, "describes inputs and outputs by something that " + error.message)
    }
  }

  private static func program(of folder: String, _ contents: ModelContents) throws(TrainError) -> (CheckedProgram, SourceMap) {
    guard let (invocation, source) = RunInvocation.read(from: folder) else {
      let missing = [RunFolder.invocation, RunFolder.source].first { !Files.exists(Path.join(folder, $0)) }
      throw damaged(folder, missing ?? RunFolder.invocation, missing == nil ? "cannot be read" : "is missing")
    }
    var options = CheckOptions(seed: invocation.seed)
    options.overrides = invocation.overrides.compactMap(CheckOptions.Override.init)
    options.shorten = invocation.shorten.flatMap { CheckOptions.Share($0) }
    var sources = SourceMap()
    let file = sources.add(name: invocation.file, bytes: source)
    var imports = invocation.imports[...]
    let result = DrnSema.check(
      file: file, sources: &sources, options: options, headers: KeptHeaders(facts: contents.facts, source: contents.source)
    ) { _ in
      imports.popFirst().map { Array($0.utf8) }
    }
    guard let program = result.training(named: invocation.training) else {
      let first = result.diagnostics.first { $0.severity == .error }?.message
      throw damaged(folder, RunFolder.source, "is no program that this drnc accepts" + (first.map { ": \($0)" } ?? ""))
    }
    guard program.network.name == contents.network, program.data.inputShape == contents.inputShape,
      contents.classNames.map({ $0.count <= program.data.classes ?? 0 }) ?? true,
      contents.preparation.map({ $0.mean.count == program.data.inputShape.reduce(1, *) }) ?? true
    else { throw damaged(folder, RunFolder.source, "is not the program of the weights beside it") }
    return (program, sources)
  }

  private static func tensors(
    _ file: TensorFile, _ compiler: PhaseCompiler, phase: Int, ranks: [Int], _ folder: String
  ) throws(TrainError) -> [String: [Float]] {
    let needed: [PhaseTensor]
    do { needed = try compiler.tensors(phase: phase, ranks: ranks) } catch { throw TrainError(.defect, error.message) }
    let held = Dictionary(file.tensors.map { ($0.name, $0) }) { first, _ in first }
    var tensors: [String: [Float]] = [:]
    for tensor in needed where tensor.info.role != .state {
      let name = tensor.info.name
      guard let entry = held[name] else { throw damaged(folder, RunFolder.weights, "lacks the tensor `\(name)`") }
      let layout = StoredLayout(tensor, of: tensor.info.weight.map { compiler.program.weights[$0] })
      guard entry.shape == layout.storedShape else {
        throw damaged(folder, RunFolder.weights, "has `\(name)` in the shape \(entry.shape), and the program needs \(layout.storedShape)")
      }
      guard let values = try? entry.floats() else { throw damaged(folder, RunFolder.weights, "has `\(name)` in a type that is not read") }
      guard values.allSatisfy(\.isFinite) else { throw damaged(folder, RunFolder.weights, "has values in `\(name)` that are no numbers") }
      tensors[name] = layout.loaded(values)
    }
    // What is evaluated of a network whose weights are averaged are the averages, and those were saved.
    for average in needed where average.info.isAverage { tensors[average.info.name] = tensors[average.info.averaged] }
    return tensors
  }

  static func damaged(_ folder: String, _ file: String, _ message: String) -> TrainError {
    TrainError(
      .runUnusable, "`\(Path.join(folder, file))` \(message)",
      help: "copy the run folder again, or train again with this drnc")
  }
}

/// What data files said when the program was trained, whatever has become of them.
private struct KeptHeaders: DataHeaders {
  let facts: DataFacts
  let source: String

  func look(_ request: DataRequest) -> DataFinding {
    request.source.text == source ? .found(facts) : .absent("not looked for")
  }
}
