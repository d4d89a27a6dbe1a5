import DrnCPU
import DrnCompiler
import DrnData
import DrnIR
import DrnLowering
import DrnMethods
import DrnProgram
import DrnTrain

/// The network of a trained model, compiled for batches of one size and holding its weights.
public final class ForwardPass {
  /// Rows of one batch.
  public let batch: Int
  /// Numbers of one output: classes, or values.
  public let width: Int
  /// Rows of outputs that one example has: 1, or one for each of its positions.
  public let rowsPerExample: Int
  private let entry: Segment.Entry
  private let input: BatchInput
  private let logits: SegmentPort
  private let loss: SegmentPort?
  private let model: TrainedModel

  /// `batch` is that of the evaluations of the training unless given; with it outputs have the very bits that were tested. The loss of a batch is
  /// computed only where it is asked for.
  public init(_ model: TrainedModel, batch: Int? = nil, threads: Int, withLoss: Bool = false) throws(TrainError) {
    self.model = model
    self.batch = max(1, batch ?? model.compiler.evaluationBatch)
    let shape = model.program.network.outputShape
    rowsPerExample = max(1, shape.positions)
    width = max(1, shape.reduce(1, *) / rowsPerExample)
    let compiled: Compiled
    do {
      compiled = try model.compiler.evaluation(phase: model.phase, ranks: model.ranks, batch: self.batch, withLoss: withLoss)
    } catch { throw TrainError(.defect, error.message) }
    do {
      let segment = try compiled.segment(threads: threads)
      let function = compiled.module.function(FunctionName.evaluate)
      for port in function?.arguments ?? [] where port.role != .batch {
        guard let values = model.tensors[port.name] else { throw TrainError(.defect, "no value for tensor \(port.name)") }
        try segment.argument(port.name).write(values)
      }
      entry = try segment.entry(FunctionName.evaluate)
      input = try BatchInput(segment, function, hasClasses: model.program.data.classes != nil)
      logits = try segment.result(PortName.logits)
      loss = withLoss ? try segment.result(PortName.loss) : nil
    } catch let error as ExecutionError { throw TrainError(execution: error) } catch let error as TrainError { throw error } catch {
      throw TrainError(.defect, "\(error)")
    }
  }

  /// The outputs of at most `batch` examples, as many rows of `width` numbers as these have.
  public func outputs(of examples: ArraySlice<Int>, in set: DataSet) throws(TrainError) -> ArraySlice<Float> {
    guard let last = examples.last, examples.count <= batch else { return [] }
    // Rows past the end repeat the last example and are not given back.
    let padded = examples + Array(repeating: last, count: batch - examples.count)
    do {
      if loss == nil {
        try input.fillFeatures(Array(padded), of: set, model.contents.preparation)
      } else {
        try input.fill(Array(padded), of: set, model.contents.preparation)
      }
      try entry.run()
      return try logits.read().prefix(examples.count * rowsPerExample * width)
    } catch { throw TrainError(execution: error) }
  }

  /// The loss of the last batch, the mean over its rows.
  func batchLoss() throws(TrainError) -> Double {
    do { return Double(try loss?.read().first ?? .nan) } catch { throw TrainError(execution: error) }
  }
}
