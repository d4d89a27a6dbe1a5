import DrnCompiler
import DrnData
import DrnIR
import DrnJSON
import DrnLowering
import DrnMethods
import DrnProgram
import DrnSystem
import DrnTensorFile

/// The weights that a run has left, and where in its schedule they stand. Nothing in the folder is changed.
public struct RunWeights: Sendable {
  /// The phase whose forms they have.
  public let phase: Int
  /// Of every weight, then the extents.
  public let ranks: [Int]
  /// Updates they have had.
  public let step: Int
  /// The file they are from.
  public let file: String
  /// What `model.json` says; `nil` where the run has not written it yet.
  public let description: JSON?
  /// Parameters and running statistics by name, as the network uses them.
  package let values: [String: [Float]]

  /// Takes the weights that the run saved, or those of its latest checkpoint where it has saved none or they are of another phase than is
  /// asked for.
  public init(folder: String, compiler: PhaseCompiler, phase: Int?) throws(TrainError) {
    guard Files.kind(folder) == .folder else {
      throw TrainError(.runUnusable, "there is no folder `\(folder)`", help: "name the folder of a run")
    }
    let path = Path.join(folder, RunFolder.weights)
    let description = Self.description(in: folder)
    if Files.isTaken(path) {
      let saved = try Saved(path, compiler)
      if let found = try saved.place(asked: phase) {
        (self.phase, ranks, step, file) = (found.phase, found.ranks, saved.step, path)
        (values, self.description) = (try saved.values(found), description)
        return
      }
    }
    let checkpoints = CheckpointFolder(run: folder)
    for place in checkpoints.places {
      let path = checkpoints.file(place)
      guard fitsMemory(path), let file = try? TensorFile.read(path: path), let checkpoint = Checkpoint(file),
        phase == nil || checkpoint.progress.phase == phase
      else { continue }
      self.phase = checkpoint.progress.phase
      (ranks, step, self.file) = (checkpoint.state.ranks, checkpoint.progress.step, path)
      (values, self.description) = (try Self.values(of: checkpoint, compiler, path: path), description)
      return
    }
    let missing = phase.map { "keeps no weights of phase \($0): neither those it saved nor a checkpoint is of that phase" }
    throw TrainError(
      .runUnusable, "the folder `\(folder)` \(missing ?? "holds no weights and no checkpoint that can be read")",
      help: phase == nil ? "name the folder of a run, as `runs/mlp-1`" : "leave out --phase to take the weights it saved")
  }

  /// Those of a checkpoint: the averages, where the run keeps them.
  public init(checkpoint path: String, of folder: String, compiler: PhaseCompiler) throws(TrainError) {
    guard fitsMemory(path), let file = try? TensorFile.read(path: path), let checkpoint = Checkpoint(file) else {
      throw TrainError(
        .runUnusable, "`\(path)` is no checkpoint, or is damaged", help: "checkpoints lie in the folder `checkpoints` of a run")
    }
    (phase, ranks, step, self.file) = (checkpoint.progress.phase, checkpoint.state.ranks, checkpoint.progress.step, path)
    (values, description) = (try Self.values(of: checkpoint, compiler, path: path), Self.description(in: folder))
  }

  private static func description(in folder: String) -> JSON? {
    guard let text = try? Files.read(Path.join(folder, ModelDescription.file), atMost: 1 << 28) else { return nil }
    return try? JSON(reading: text)
  }

  private static func values(of checkpoint: Checkpoint, _ compiler: PhaseCompiler, path: String) throws(TrainError) -> [String: [Float]] {
    let (phase, ranks) = (checkpoint.progress.phase, checkpoint.state.ranks)
    let foreign = TrainError(
      .runUnusable, "`\(path)` does not fit the program of its run", help: "take the folder as the run left it")
    guard compiler.program.phases.indices.contains(phase), compiler.program.hasPossibleRanks(ranks) else { throw foreign }
    var values: [String: [Float]] = [:]
    do {
      let tensors = try compiler.tensors(phase: phase, ranks: ranks)
      let averages = Dictionary(tensors.filter(\.info.isAverage).map { ($0.info.averaged, $0.info.name) }) { first, _ in first }
      for tensor in tensors where tensor.info.role != .state {
        // What is evaluated is the average where there is one.
        let average = averages[tensor.info.name].flatMap { checkpoint.state.tensors[$0] }
        guard let held = average ?? checkpoint.state.tensors[tensor.info.name], held.count == tensor.count,
          held.allSatisfy(\.isFinite)
        else { throw foreign }
        values[tensor.info.name] = held
      }
    } catch let error as TrainError { throw error } catch { throw TrainError(.defect, "\(error)") }
    return values
  }
}

/// Whether a file is one that can be held in memory as a whole.
package func fitsMemory(_ path: String) -> Bool {
  Files.size(path).map { $0 <= MachineMemory.available } ?? false
}

/// The file of weights that a run has written.
private struct Saved {
  let path: String
  let compiler: PhaseCompiler
  let tensors: [String: TensorEntry]
  let step: Int
  private let metadata: (String) -> String?

  /// Where the tensors stand in the schedule.
  struct Place {
    let phase: Int
    let ranks: [Int]
    let tensors: [PhaseTensor]
  }

  init(_ path: String, _ compiler: PhaseCompiler) throws(TrainError) {
    (self.path, self.compiler) = (path, compiler)
    guard fitsMemory(path) else {
      throw TrainError(.runUnusable, "`\(path)` is no regular file, or larger than the memory of this machine")
    }
    let file: TensorFile
    do { file = try TensorFile.read(path: path) } catch {
      throw TrainError(.runUnusable, "`\(path)`: \(error.message)", help: "take the folder as the run left it")
    }
    metadata = file.metadataValue
    let network = compiler.program.network.name
    guard metadata("drnc.network") == network, let step = metadata("drnc.step").flatMap({ Int($0) }), step >= 0 else {
      throw TrainError(.runUnusable, "`\(path)` holds no weights of the network `\(network)`", help: "take the folder as the run left it")
    }
    self.step = step
    tensors = Dictionary(file.tensors.map { ($0.name, $0) }) { first, _ in first }
  }

  /// The phase and the ranks that the file states, held against its tensors; `nil` where another phase is asked for.
  func place(asked: Int?) throws(TrainError) -> Place? {
    guard let phase = metadata(SavedWeights.phaseKey).flatMap({ Int($0) }), compiler.program.phases.indices.contains(phase),
      let ranks = metadata(SavedWeights.ranksKey).flatMap(RunProgress.integers), compiler.program.hasPossibleRanks(ranks)
    else { throw unfit("does not say which phase and ranks its tensors are of") }
    guard asked == nil || asked == phase else { return nil }
    let found: [PhaseTensor]
    do { found = try compiler.tensors(phase: phase, ranks: ranks).filter { $0.info.role != .state } } catch {
      throw TrainError(.defect, error.message)
    }
    for tensor in found {
      let (name, wanted) = (tensor.info.name, StoredLayout(tensor, of: plan(tensor.info)).storedShape)
      guard let held = tensors[name] else { throw unfit("lacks the tensor `\(name)`") }
      guard held.shape == wanted else { throw unfit("has `\(name)` in the shape \(held.shape), and the program needs \(wanted)") }
    }
    for (index, weight) in compiler.program.weights.enumerated() {
      let text = weight.savedForm(weight.spans[compiler.program.phases[phase].forms[index]].form, rank: ranks[index])
      if let stated = metadata(WeightPlan.formKey(weight.name)), stated != text {
        throw unfit("says that `\(weight.name)` is \(stated), and its tensors are \(text)")
      }
    }
    return Place(phase: phase, ranks: ranks, tensors: found)
  }

  private func unfit(_ message: String) -> TrainError {
    TrainError(.runUnusable, "`\(path)` \(message)", help: "take the folder as the run left it")
  }

  private func plan(_ info: TensorInfo) -> WeightPlan? { info.weight.map { compiler.program.weights[$0] } }

  func values(_ place: Place) throws(TrainError) -> [String: [Float]] {
    var values: [String: [Float]] = [:]
    for tensor in place.tensors {
      let name = tensor.info.name
      let stored: [Float]
      do { stored = try tensors[name]?.floats() ?? [] } catch { throw TrainError(.runUnusable, "`\(path)`: \(error.message)") }
      guard stored.count == tensor.count, stored.allSatisfy(\.isFinite) else {
        throw TrainError(.runUnusable, "the tensor `\(name)` of `\(path)` holds values that are no numbers")
      }
      values[name] = StoredLayout(tensor, of: plan(tensor.info)).loaded(stored)
    }
    return values
  }
}

extension WeightPlan {
  /// Where the metadata of a file of weights has the form of one.
  package static func formKey(_ weight: String) -> String { "drnc.form.\(weight)" }

  /// What stands there.
  package func savedForm(_ form: any Parameterization, rank: Int) -> String {
    form.word + (!form.reportsRank ? "" : " rank \(rank)")
  }
}

// MARK: As it is deployed

/// A tensor of the network as it is deployed, with its values as the network uses them.
public struct DeployedTensor: Sendable {
  /// Its name, role and extents.
  public let tensor: PhaseTensor
  /// Row-major.
  public let values: [Float]
  /// How files keep it.
  public let layout: StoredLayout
  /// The name in every file.
  public var name: String { tensor.info.name }
  /// With values as files keep them.
  public var stored: NamedTensor { NamedTensor(name: name, shape: layout.storedShape, floats: layout.stored(values)) }
}

extension RunWeights {
  /// Every tensor as it was trained, in network order.
  public func trained(_ compiler: PhaseCompiler) throws(TrainError) -> [DeployedTensor] {
    do {
      return try compiler.tensors(phase: phase, ranks: ranks).filter { $0.info.role != .state }.map { tensor in
        DeployedTensor(tensor: tensor, values: values[tensor.info.name] ?? [], layout: layout(tensor, compiler))
      }
    } catch { throw TrainError(.defect, error.message) }
  }

  /// Every tensor that `forward` takes, in its order: in the forms of deployment, or each weight as one matrix.
  public func deployed(_ compiler: PhaseCompiler, isMerged: Bool, threads: Int) throws(TrainError) -> [DeployedTensor] {
    do {
      let compiled =
        isMerged ? try compiler.dense(phase: phase, ranks: ranks) : try compiler.deployment(phase: phase, ranks: ranks)
      let made = try compiled.map { compiled throws(TrainError) in
        try OneShot.run(compiled, inputs: values.mapValues(TensorPlace.values), key: 0, threads: threads).outputs
      }
      var tensors: [DeployedTensor] = []
      for tensor in try compiler.forwardTensors(phase: phase, ranks: ranks, isMerged: isMerged) {
        let name = tensor.info.name
        let new = made?[PortName.deployed(name)] ?? made?[PortName.dense(name)]
        guard let held = new ?? values[name], held.count == tensor.count else { throw TrainError(.defect, "no value for tensor \(name)") }
        tensors.append(DeployedTensor(tensor: tensor, values: held, layout: layout(tensor, compiler)))
      }
      return tensors
    } catch let error as TrainError { throw error } catch { throw TrainError(.defect, "\(error)") }
  }

  private func layout(_ tensor: PhaseTensor, _ compiler: PhaseCompiler) -> StoredLayout {
    StoredLayout(tensor, of: tensor.info.weight.map { compiler.program.weights[$0] })
  }

  /// What files of the weights say beside tensors: network, step and forms.
  public func metadata(_ program: CheckedProgram, isDeployed: Bool, isMerged: Bool) -> [(String, String)] {
    let forms = program.weights.enumerated().map { index, weight in
      let form = weight.spans[program.phases[phase].forms[index]].form
      let text = isMerged ? "dense" : weight.savedForm(isDeployed ? form.deployedForm : form, rank: ranks[index])
      return (WeightPlan.formKey(weight.name), text)
    }
    let model = description.map { [(ModelDescription.metadataKey, String(decoding: $0.bytes, as: UTF8.self))] } ?? []
    return [("drnc.network", program.network.name), ("drnc.step", "\(step)"), ("drnc.phase", "\(phase)")] + model + forms
  }
}

/// Examples as the function `forward` takes them.
public enum ForwardExamples: Sendable {
  case numbers([Float])
  case tokens([Int32])
}

extension RunWeights {
  /// The first examples of the validation split, prepared, at most `count`; `nil` where the data are not there or have none.
  public static func validationExamples(of program: CheckedProgram, atMost count: Int) -> (examples: ForwardExamples, count: Int)? {
    guard let data = try? TrainingData(program.data, seed: program.training.seed), !data.validationIndices.isEmpty else { return nil }
    let indices = Array(data.validationIndices.prefix(max(1, count)))
    let elements = data.training.elementsPerExample
    if program.data.inputElement == .token {
      let tokens = [Int32](unsafeUninitializedCapacity: indices.count * elements) { buffer, filled in
        if let base = buffer.baseAddress, (try? data.training.copyTokens(indices, into: base)) != nil { filled = indices.count * elements }
      }
      guard !tokens.isEmpty else { return nil }
      return (.tokens(tokens), indices.count)
    }
    let values = [Float](unsafeUninitializedCapacity: indices.count * elements) { buffer, filled in
      if let base = buffer.baseAddress {
        for (row, index) in indices.enumerated() {
          data.training.copyRow(index, into: base + row * elements, transform: data.preparation)
        }
      }
      filled = indices.count * elements
    }
    return (.numbers(values), indices.count)
  }
}
