import DrnCompiler
import DrnIR
import DrnLowering
import DrnMethods
import DrnProgram
import DrnSystem
import DrnTensorFile
import DrnTrain

/// What a file of tensors holds: those of a run, of a checkpoint, or of any program that writes safetensors.
public struct TensorInspection: Sendable {
  /// What wrote the file.
  public enum Kind: String, Sendable {
    case run, checkpoint, safetensors
  }
  /// A tensor as it is stored.
  public struct Tensor: Sendable {
    /// Its name in the file.
    public let name: String
    /// The type of its elements, as the format names it.
    public let type: String
    /// Sizes, outermost first.
    public let shape: [Int]
    /// The singular values of it as a matrix, outermost size by all others; `nil` for what is none, and where they were not asked for.
    public let spectrum: Spectrum?
  }
  /// A weight of a network, whatever tensors its form keeps it in.
  public struct Weight: Sendable {
    /// Its name in the network.
    public let name: String
    /// Its form.
    public let form: String
    /// Its rank; `nil` for a form without one.
    public let rank: Int?
    /// Inputs and outputs of the matrix it stands for.
    public let shape: [Int]
    /// The singular values of that matrix; `nil` where they were not asked for.
    public let spectrum: Spectrum?
  }
  /// Singular values in a few numbers.
  public struct Spectrum: Sendable {
    /// How many there are.
    public let count: Int
    /// The largest, the one in the middle and the smallest.
    public let largest, median, smallest: Double
    /// exp(-sum of p ln p), where p is a value over the sum of all.
    public let effectiveRank: Double
    /// The squared Frobenius norm over the squared largest value.
    public let stableRank: Double

    init(_ values: [Float]) {
      let weight = MeasuredWeight(shape: WeightShape(inputs: values.count, outputs: values.count), singularValues: values)
      let sorted = weight.singularValues
      func figure(_ measurement: any WeightMeasurement) -> Double {
        guard case .number(let value) = measurement.figures(weight).first?.value else { return 0 }
        return value
      }
      count = sorted.count
      (largest, median, smallest) = (sorted.first ?? 0, sorted.isEmpty ? 0 : sorted[sorted.count / 2], sorted.last ?? 0)
      effectiveRank = figure(EffectiveRank(options: Options()))
      stableRank = figure(StableRank(options: Options()))
    }
  }

  /// The file that was looked into.
  public let path: String
  public let kind: Kind
  /// Facts about where it comes from, each under its name.
  public let provenance: [(name: String, value: String)]
  /// In the order of their names.
  public let tensors: [Tensor]
  /// Tensors beyond those that are listed.
  public let unlisted: Int
  /// The weights of a run; empty for other files.
  public let weights: [Weight]
  /// Numbers in all tensors that are listed.
  public var parameters: Int { tensors.reduce(0) { $0 &+ (checkedElementCount($1.shape) ?? 0) } }

  /// Matrices beyond these sizes would take minutes.
  private static let longestShortSide = 2048
  private static let mostElements = 1 << 25

  /// Looks into a run folder or a safetensors file. Singular values are computed where they are asked for.
  public init(_ path: String, withSpectra: Bool, threads: Int) throws(TrainError) {
    guard let found = Files.kind(path) else { throw TrainError(.inputMissing, "there is no file `\(path)`") }
    let isFolder = found == .folder
    let model = isFolder ? try TrainedModel(folder: path) : nil
    let file = isFolder ? Path.join(path, RunFolder.weights) : path
    self.path = file
    let index: TensorIndex
    do { index = try TensorIndex(path: file, wanted: []) } catch {
      throw TrainError(
        error.kind == .missing ? .inputMissing : .tensorFile, "`\(file)`: \(error.message)",
        help: "`inspect` takes a run folder, a checkpoint or another safetensors file")
    }
    let metadata = Dictionary(index.metadata) { first, _ in first }
    kind =
      model != nil || metadata[ModelDescription.metadataKey] != nil
      ? .run : metadata["checkpoint.format"] != nil ? .checkpoint : .safetensors
    provenance = Self.provenance(index, kind, model)
    unlisted = index.count - index.names.count
    var tensors: [Tensor] = []
    for name in index.names {
      let shape = index.shape(of: name) ?? []
      // The tensors of a run are those of its weights, which have spectra of their own.
      let spectrum = withSpectra && model == nil ? try Self.spectrum(name, shape, index, threads: threads) : nil
      tensors.append(Tensor(name: name, type: index.elementType(of: name)?.rawValue ?? "", shape: shape, spectrum: spectrum))
    }
    self.tensors = tensors
    weights = try model.map { model throws(TrainError) in try model.weights(withSpectra: withSpectra, threads: threads) } ?? []
  }

  private static func provenance(_ index: TensorIndex, _ kind: Kind, _ model: TrainedModel?) -> [(name: String, value: String)] {
    let metadata = Dictionary(index.metadata) { first, _ in first }
    let known: [(String, String)] =
      switch kind {
      case .run:
        [
          ("drnc.network", "network"), ("drnc.step", "step"), ("drnc.seed", "seed"), (SavedWeights.phaseKey, "phase"),
          (SavedWeights.ranksKey, "ranks"),
        ]
      case .checkpoint:
        [
          ("run.version", "written by drnc"), ("checkpoint.format", "format"), ("progress.step", "step"), ("progress.phase", "phase"),
          ("state.ranks", "ranks"), ("best.epoch", "best epoch"),
        ]
      case .safetensors: index.metadata.prefix(20).map { ($0.0, $0.0) }
      }
    var facts = known.compactMap { key, name in metadata[key].map { (name: name, value: String($0.prefix(120))) } }
    if let model { facts.append((name: "data", value: model.program.data.source.text)) }
    return facts
  }

  private static func spectrum(_ name: String, _ shape: [Int], _ index: TensorIndex, threads: Int) throws(TrainError) -> Spectrum? {
    guard shape.count >= 2, let count = checkedElementCount(shape), count > 0, count <= mostElements,
      ["F16", "BF16", "F32", "F64"].contains(index.elementType(of: name)?.rawValue)
    else { return nil }
    let (rows, columns) = (shape[0], count / shape[0])
    guard min(rows, columns) <= longestShortSide, min(rows, columns) > 0 else { return nil }
    let values: [Float]
    do {
      guard let entry = try index.read(name) else { return nil }
      values = try entry.floats()
    } catch { throw TrainError(.tensorFile, "`\(index.path)`: \(error.message)") }
    guard values.allSatisfy(\.isFinite) else { return nil }
    let compiled: Compiled
    do { compiled = try PhaseCompiler.singularValues(rows: rows, columns: columns) } catch { throw TrainError(.defect, error.message) }
    let results = try OneShot.run(compiled, inputs: [PortName.matrix: .values(values)], key: 0, threads: threads)
    return Spectrum(results.outputs[PortName.singularValues] ?? [])
  }
}

extension TrainedModel {
  /// Its weights in network order, each in its form.
  func weights(withSpectra: Bool, threads: Int) throws(TrainError) -> [TensorInspection.Weight] {
    var weights: [TensorInspection.Weight] = []
    let places = tensors.mapValues(TensorPlace.values)
    for (index, weight) in program.weights.enumerated() {
      let form = weight.spans[program.phases[phase].forms[index]].form
      var spectrum: TensorInspection.Spectrum?
      if withSpectra {
        let measurement: Compiled
        do { measurement = try compiler.measurement(phase: phase, weight: index, ranks: ranks) } catch {
          throw TrainError(.defect, error.message)
        }
        let results = try OneShot.run(measurement, inputs: places, key: 0, threads: threads)
        spectrum = TensorInspection.Spectrum(results.outputs[PortName.singularValues] ?? [])
      }
      weights.append(
        TensorInspection.Weight(
          name: weight.name, form: form.word, rank: form.reportsRank ? ranks[index] : nil,
          shape: [weight.shape.inputs, weight.shape.outputs], spectrum: spectrum))
    }
    return weights
  }
}
