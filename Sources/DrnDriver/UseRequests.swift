import DrnInference

/// What `drnc eval` was asked.
public struct EvaluateRequest: Sendable {
  /// The run folder.
  public let run: String
  /// A part of the program's own examples, or a file or folder of others.
  public let data: String
  /// The file of the labels of another, where that has none in itself.
  public let labels: String?
  /// Whether the loss is the one without smoothing and class weights.
  public let showsPlainLoss: Bool
  /// Threads of the executor.
  public let threads: Int
  /// Whether the result is printed as JSON.
  public let printsJSON: Bool
  public init(
    run: String, data: String = "test", labels: String? = nil, showsPlainLoss: Bool = false, threads: Int, printsJSON: Bool = false
  ) {
    self.run = run
    self.data = data
    self.labels = labels
    self.showsPlainLoss = showsPlainLoss
    self.threads = threads
    self.printsJSON = printsJSON
  }
}

/// What `drnc predict` was asked.
public struct PredictRequest: Sendable {
  /// The run folder.
  public let run: String
  /// The files and folders to predict, in order.
  public let inputs: [String]
  /// The format; by the name of the output, else CSV, unless given.
  public let format: PredictionText.Format?
  /// The file to write; standard output where there is none.
  public let output: String?
  /// How many classes a row has.
  public let topK: Int
  /// Whether a row has the probabilities of all classes.
  public let hasProbabilities: Bool
  /// Threads of the executor.
  public let threads: Int
  public init(
    run: String, inputs: [String], format: PredictionText.Format? = nil, output: String? = nil, topK: Int = 1,
    hasProbabilities: Bool = false,
    threads: Int
  ) {
    self.run = run
    self.inputs = inputs
    self.format = format
    self.output = output
    self.topK = topK
    self.hasProbabilities = hasProbabilities
    self.threads = threads
  }
}
