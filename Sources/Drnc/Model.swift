import DrnDriver
import DrnInference
import DrnProgram
import DrnTrain

/// A trained network, read from its run folder alone.
public struct Model: Sendable {
  /// What the numbers of a prediction stand for: the names of the classes, or the columns that were learned.
  public let outputs: [String]
  /// Whether the numbers are probabilities of classes; else they are values.
  public let predictsClasses: Bool
  private let model: TrainedModel
  private let threads: Int

  /// Reads a run folder; throws where it holds none that has come to its end, or a damaged one. Results do not depend on `threads`.
  public init(run folder: String, threads: Int = Program.processors) throws(DrncError) {
    do { model = try TrainedModel(folder: folder) } catch { throw DrncError(error) }
    (outputs, predictsClasses) = (model.outputNames, model.predictsClasses)
    self.threads = min(max(1, threads), 1024)
  }

  /// What the network makes of one example.
  public struct Prediction: Sendable, Hashable {
    /// In the order of `Model.outputs`: probabilities, which sum to 1, or values.
    public let values: [Float]
    /// The class of the largest probability; `nil` of values.
    public let label: String?
  }

  /// Predicts the examples of a file or folder, of any kind that `drnc predict` takes, in their order.
  public func predict(_ path: String) throws(DrncError) -> [Prediction] {
    do throws(TrainError) {
      let pass = try ForwardPass(model, threads: threads)
      var predictions: [Prediction] = []
      try model.predict(try ExamplePortions(of: path, for: model), by: pass) { found throws(TrainError) in
        for row in 0..<found.count {
          let values = Array(found.values[(row * found.width)..<((row + 1) * found.width)])
          predictions.append(Prediction(values: values, label: label(values)))
        }
      }
      return predictions
    } catch { throw DrncError(error) }
  }

  /// The loss without smoothing and class weights, or the one that the program writes, and the share of right classes, on the test of the program, whose files have to be where they were.
  public func test() throws(DrncError) -> Run.Score {
    do throws(TrainError) { return score(try model.evaluate(.test, threads: threads)) } catch { throw DrncError(error) }
  }

  /// The same on the labelled examples of another file or folder, of any kind that `drnc eval --data` takes; `labels` names their labels where those are
  /// in a file of their own.
  public func evaluate(_ path: String, labels: String? = nil) throws(DrncError) -> Run.Score {
    do throws(TrainError) {
      return score(try model.evaluate(try ExamplePortions(learnedOf: path, labels: labels, for: model), threads: threads))
    } catch { throw DrncError(error) }
  }

  private func score(_ evaluation: ModelEvaluation) -> Run.Score {
    Run.Score(loss: evaluation.judgingLoss, accuracy: evaluation.score.accuracy)
  }

  private func label(_ values: [Float]) -> String? {
    guard predictsClasses, let largest = values.indices.max(by: { values[$0] < values[$1] }), outputs.indices.contains(largest) else {
      return nil
    }
    return outputs[largest]
  }
}

extension DrncError {
  init(_ error: TrainError) {
    let heard = Heard()
    _ = Driver(console: heard.console).report(error)
    problems = heard.problems
  }
}
