import DrnDiagnostics
import DrnInference
import DrnSource
import DrnSystem
import DrnTensorFile
import DrnTrain

extension Driver {
  /// `drnc predict`.
  public func predict(_ request: PredictRequest) -> ExitStatus {
    do throws(TrainError) {
      let format = try format(of: request)
      let model = try TrainedModel(folder: request.run)
      if request.topK > 1 || request.hasProbabilities, format == .npy || !model.predictsClasses {
        throw TrainError(
          .inputUnfit,
          model.predictsClasses
            ? "an array holds the probabilities of all classes, so that `--top-k` and `--probabilities` have nothing to say"
            : "the network predicts values, and `--top-k` and `--probabilities` are of classes")
      }
      let pass = try ForwardPass(model, threads: request.threads)
      let sink = try PredictionSink(request.output, console)
      let hasInputs = request.inputs.count > 1 || model.namesExamples(of: request.inputs[0])
      let text = PredictionText(
        format, of: model, topK: request.topK, hasProbabilities: request.hasProbabilities, hasInputs: hasInputs)
      let shape = [model.outputNames.count]
      var (count, isBegun) = (0, false)
      for input in request.inputs {
        let piped = PipedInput.isPipe(input) ? try PipedInput(input, for: model) : nil
        do throws(TrainError) {
          let portions = try ExamplePortions(of: piped?.path ?? input, for: model)
          try model.predict(portions, by: pass) { predictions throws(TrainError) in
            // Nothing is printed of an input that is refused from the start.
            if !isBegun {
              if format == .npy { try sink.write(NumpyFile.headerOfRows(count: 0, shape: shape)) } else { try sink.write(text.head) }
            }
            isBegun = true
            count += predictions.count
            if format == .npy {
              try sink.write(predictions.littleEndianBytes)
            } else {
              try sink.write(text.rows(predictions, input: input))
            }
          }
        } catch { throw piped?.naming(error) ?? error }
      }
      if format == .npy { try sink.writeFirst(NumpyFile.headerOfRows(count: count, shape: shape)) }
      try sink.finish()
      return .success
    } catch { return report(error) }
  }

  /// The format that is asked for, or that the name of the output says.
  private func format(of request: PredictRequest) throws(TrainError) -> PredictionText.Format {
    let ending = request.output.map { Path.fileExtension(of: $0).lowercased() }
    let format = request.format ?? (ending == "json" ? .jsonl : ending.flatMap { PredictionText.Format(rawValue: $0) } ?? .csv)
    guard format != .npy || request.output != nil else {
      throw TrainError(
        .inputUnfit, "an array is written to a file: its beginning says how many rows follow", help: "name it with `--output FILE`")
    }
    return format
  }

  /// Prints an error of using a run, and says how the command ends.
  package func report(_ error: TrainError) -> ExitStatus {
    // Places in the source that the run was trained with say nothing here.
    console.report([Diagnostic(error.kind.code, error.message, at: nil, notes: error.notes, help: error.help)], sources: SourceMap())
    return error.kind.status
  }
}

/// Where predictions go: a file that appears when all are there, or standard output.
private final class PredictionSink {
  private let file: FileReplacement?
  private let path: String
  private let console: Console

  init(_ path: String?, _ console: Console) throws(TrainError) {
    (self.path, self.console) = (path ?? "", console)
    do throws(SystemError) {
      if let path { file = try FileReplacement(path) } else { file = nil }
    } catch { throw Self.failure(path ?? "", error) }
  }

  func write(_ text: String) throws(TrainError) {
    guard file != nil else { return console.output(text) }
    try write(Array(text.utf8))
  }

  func write(_ bytes: [UInt8]) throws(TrainError) {
    do throws(SystemError) { try file?.write(bytes) } catch { throw Self.failure(path, error) }
  }

  func writeFirst(_ bytes: [UInt8]) throws(TrainError) {
    do throws(SystemError) { try file?.writeFirst(bytes) } catch { throw Self.failure(path, error) }
  }

  func finish() throws(TrainError) {
    do throws(SystemError) { try file?.finish() } catch { throw Self.failure(path, error) }
  }

  private static func failure(_ path: String, _ error: SystemError) -> TrainError {
    TrainError(.unwritable, "cannot write `\(path)`: \(error.reason)")
  }
}
